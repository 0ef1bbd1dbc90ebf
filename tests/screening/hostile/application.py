"""The whole application gone through once, every form filled in, with one text wherever somebody may write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from criteria.amendments.state import current_proposal, open_amendment
from criteria.definition.writer import definition_text
from criteria.models import Amendment, Trial
from criteria.versions.versions import protocol_of
from screening.crf import SectionForm
from screening.models import Assessment, Grant, Question, ReferenceRange, Signature, Simulation, Visit
from screening.signatures.judgements import judgements_of
from screening.simulations import run_simulation
from screening.visits.applicable_version import applicable_version
from screening.visits.drafts import drafts_on
from screening.visits.edit_checks import open_checks
from tests.support.reviewed import PASSWORD
from tests.support.section_requests import vocabulary_of
from tests.support.submission import submitted

Data = dict[str, Any]

# An adverse event that stands in nobody's way.
RESOLVED = {"organ_system": "skin", "during_pd1": "no", "immune_related": "no", "alopecia": "no"}
RESOLVED |= {"led_to_permanent_discontinuation": "no"}


@dataclass
class Application:
    """`text` is what everybody writes, `extra` goes along with every form; `posted` names the addresses used."""

    people: dict[str, User]
    text: str = "as agreed"
    extra: Data = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.people[role])
        return self.clients[role]

    def post(self, role: str, name: str, /, *args: Any, ok: int = 302, **data: Any) -> Any:
        """A form that is taken: it leads on, unless something else is said."""
        data = {each.replace("__", "-"): value for each, value in data.items()}
        query = data.pop("query", "")
        self.posted.add(f"screening:{name}")
        # What is asked for comes last, as with a form that somebody added inputs to.
        response = self.client(role).post(reverse(f"screening:{name}", args=args) + query, self.extra | data)
        assert response.status_code == ok, (name, response.status_code, errors_of(response))
        return response

    def sign(self, name: str, pk: int, **data: Any) -> None:
        signer = self.people["investigator"].username
        self.post("investigator", name, pk, password=PASSWORD, user_name=signer, **data)

    def screened(self, trial: Trial, document: Data) -> Visit:
        """Somebody registered, and everything saved section by section."""
        others = {"reference": self.text[:40].strip(), "reason": self.text}
        self.post("coordinator", "trial", trial=trial.code, next="/")
        self.post("coordinator", "subject-new", trial=trial.code, **others)
        subject = trial.subjects.latest("pk")
        self.post("coordinator", "visit-new", subject.pk, visit__date="2026-03-09")
        visit = Visit.objects.latest("pk")
        for section in vocabulary_of(visit).sections:
            number = visit.latest_revision().number
            data = dict(submitted(SectionForm(section, document)).lists())
            self.post(
                "coordinator", "section", visit.pk, section.code, base=number, cause="other", reason=self.text, **data
            )
        return visit

    def assessed(self, visit: Visit) -> Assessment:
        """What is typed and not saved was seen, and is discarded."""
        seen = [draft.key for draft in drafts_on(visit)]
        number = visit.latest_revision().number
        self.post("coordinator", "visit-assess", visit.pk, revision=number, seen=seen, own="discard")
        return Assessment.objects.latest("pk")

    # What people do, one after another

    def screening(self, trial: Trial, document: Data) -> None:
        texts = {
            "lesions": [{"site": self.text, "nodal": "no", "diameter_mm": 22, "irradiated": "no"}],
            "therapies": [document["therapies"][0] | {"name": self.text}],
            "adverse_events": [{"term": self.text, "max_grade": 1, "current_grade": 0} | RESOLVED],
        }
        enrolled, closed, sent_back = (self.screened(trial, document | texts) for _person in range(3))
        self.asked(enrolled)
        self.sign(
            "visit-close", sent_back.pk, revision=sent_back.latest_revision().number, reason="other", comment=self.text
        )
        self.sign("visit-reopen", sent_back.pk, reason=self.text)
        found = self.assessed(closed)
        self.post("investigator", "assessment-send-back", found.pk, comment=self.text)
        self.sign("assessment-close", self.assessed(closed).pk, reason="other", comment=self.text)
        found = self.assessed(enrolled)
        judged = [each.judgement.key for each in judgements_of(found)]
        self.post("investigator", "assessment-attest", found.pk, **{"as-recorded": judged})
        self.sign("assessment-sign", found.pk, decision="eligible")
        self.sign("signature-withdraw", Signature.objects.latest("pk").pk, reason=self.text)
        self.sign("assessment-sign", Assessment.objects.latest("pk").pk, decision="eligible")
        self.post("coordinator", "enrol", Signature.objects.latest("pk").pk)

    def asked(self, visit: Visit) -> None:
        """And a refusal that says what was typed."""
        found = self.assessed(visit)
        self.post("coordinator", "assessment-replay", found.pk, ok=200)
        self.post("investigator", "assessment-ask", found.pk, text=self.text, criterion="I03")
        self.post("investigator", "visit-ask", visit.pk, text=self.text, path="performance.ecog")
        self.post("investigator", "verdict-disagree", found.verdicts.latest("pk").pk, text=self.text, opinion="allows")
        for question in Question.objects.filter(answers=None):
            self.post("coordinator", "question-answer", question.pk, text=self.text)
        latest = visit.latest_revision()
        data = dict(submitted(SectionForm(vocabulary_of(visit).section("performance"), latest.document)).lists())
        data["performance-life_expectancy_months"] = [self.text]
        self.post("coordinator", "section-live", visit.pk, "performance", ok=200, base=latest.number, **data)
        self.post("coordinator", "section", visit.pk, "performance", ok=422, base=latest.number, **data)

    def mistaken(self, trial: Trial) -> None:
        self.post("coordinator", "subject-new", trial=trial.code)
        subject = trial.subjects.latest("pk")
        self.post("coordinator", "visit-new", subject.pk, visit__date="2026-03-09")
        self.post("coordinator", "visit-in-error", Visit.objects.latest("pk").pk, reason=self.text)
        self.post("coordinator", "subject-reference", subject.pk, reference="another", reason=self.text)
        self.post("coordinator", "subject-in-error", subject.pk, reason=self.text)

    def checked(self) -> None:
        """A range that the results of a visit do not fit, recorded after them."""
        self.confirmed_range("60")
        visit = Visit.objects.earliest("pk")
        latest = visit.latest_revision()
        (check,) = open_checks(protocol_of(applicable_version(visit, latest.document)), latest)
        self.post("coordinator", "visit-answer-check", visit.pk, key=check.key, reason=self.text)

    def confirmed_range(self, uln: str) -> int:
        self.post(
            "administrator",
            "reference-ranges",
            laboratory=self.text,
            test="creatinine umol/L",
            uln=uln,
            valid_from="2026-01-01",
            source=self.text,
        )
        entered = ReferenceRange.objects.latest("pk").pk
        self.post("investigator", "reference-range-confirm", entered)
        return int(entered)

    def ranges(self) -> None:
        entered = self.confirmed_range("111")
        self.post("administrator", "reference-range-end", entered, last_day="2026-06-30", reason=self.text)
        self.post("administrator", "reference-range-wrong", entered, reason=self.text)

    def consent_forms(self) -> None:
        self.post(
            "administrator",
            "consent-forms",
            version="1.0",
            approved_on="2026-01-01",
            valid_from="2026-01-02",
            note=self.text,
        )

    def amending(self, trial: Trial) -> None:
        self.begun("2.0", "1000")
        self.looked_at(amendment := found(trial), "amendment-propose")
        self.post("investigator", "amendment-reject", amendment.pk, proposal=proposal(amendment), reason=self.text)
        self.post("administrator", "amendment-propose", amendment.pk, reason=self.text)
        self.sign(
            "amendment-approve",
            amendment.pk,
            proposal=proposal(amendment),
            reason=self.text,
            committee=self.text,
            reference=self.text,
            approved_on="2026-03-05",
            effective_from=timezone.localdate().isoformat(),
        )
        self.begun("3.0", "1100")
        self.post("administrator", "amendment-withdraw", found(trial).pk, reason=self.text)

    def begun(self, number: str, value: str) -> None:
        plan = {"number": number, "effective_from": "2026-04-01", "note": self.text, "reason": self.text}
        self.post("administrator", "amendment-new", **plan)
        amendment = Amendment.objects.latest("pk")
        seen = amendment.latest_revision()
        content = definition_text(seen.definition).encode()
        preview = SimpleUploadedFile(f"{self.text}.yaml", content)
        self.post("administrator", "definition-preview", ok=200, file=preview)
        file = SimpleUploadedFile(f"{self.text}.yaml", content)
        self.post(
            "administrator",
            "amendment-parameter",
            amendment.pk,
            "min_anc",
            value=value,
            title=f"{self.text} {number}",
            reason=self.text,
            seen=1,
        )
        self.post("administrator", "amendment-plan", amendment.pk, seen=2, **plan | {"note": f"{self.text}."})
        words = dict.fromkeys(("statement", "reading", "official_wording", "reason"), f"{self.text} {number}")
        self.post("administrator", "amendment-criterion", amendment.pk, "I03", seen=3, **words)
        self.post("administrator", "amendment-file", amendment.pk, ok=422, file=file, reason=self.text, seen=1)

    def looked_at(self, amendment: Amendment, then: str) -> None:
        number = amendment.latest_revision().number
        self.post("administrator", "dry-run", amendment.pk)
        run_simulation(Simulation.objects.latest("pk").pk)
        self.post("administrator", "amendment-boundaries", amendment.pk, revision=number)
        self.post("administrator", then, amendment.pk, reason=self.text)

    def simulating(self, trial: Trial) -> None:
        version = trial.versions.latest("pk")
        anybody = dict.fromkeys(("outcome", "decision", "version"), "")
        self.post("administrator", "what-if", base=version.pk, to__max_ecog="2", **anybody)
        self.post("administrator", "simulation-cancel", Simulation.objects.latest("pk").pk)

    def accounts(self) -> None:
        names = {"first_name": self.text, "last_name": self.text, "reason": self.text}
        self.post("superuser", "account-new", username="wang.wu", **names)
        account = User.objects.get(username="wang.wu")
        self.post("superuser", "account-rename", account.pk, **names | {"first_name": f"{self.text}."})
        self.post("superuser", "account-grant", account.pk, role="monitor", holds_from="2026-03-16", reason=self.text)
        self.post("superuser", "account-revoke", account.pk, Grant.objects.latest("pk").pk, reason=self.text)
        self.post("superuser", "account-activity", account.pk, active="no", reason=self.text)
        self.post("superuser", "account-activity", account.pk, active="yes", reason=self.text)
        self.post("superuser", "account-access", account.pk, reason=self.text)
        account.set_password(PASSWORD)
        account.save()
        self.post("investigator", "account-confirm", account.pk, reason=self.text)

    def reviewing(self) -> None:
        self.post("monitor", "session", ok=200)
        self.post("coordinator", "subjects", name=self.text[:60].strip(), query="?finding=eligible")
        self.post("monitor", "log", name=self.text[:60].strip(), query="?outcome=eligible")
        self.post("monitor", "trail-review", remark=self.text, query="?kind=data")
        visit = Visit.objects.earliest("pk")
        self.post("coordinator", "visit-reassess", visit.pk, revision=visit.latest_revision().number)
        self.post("coordinator", "failure-dismiss", visit.pk, ok=422, reason=self.text)

    def whole(self, trial: Trial, document: Data) -> None:
        self.ranges()
        self.consent_forms()
        self.screening(trial, document)
        self.mistaken(trial)
        self.checked()
        self.accounts()
        self.simulating(trial)
        self.amending(trial)
        self.reviewing()


def found(trial: Trial) -> Amendment:
    amendment = open_amendment(trial)
    assert amendment
    return amendment


def proposal(amendment: Amendment) -> int:
    standing = current_proposal(amendment)
    assert standing
    return int(standing.pk)


def errors_of(response: Any) -> Any:
    """What a page says that it did not take."""
    context = response.context or {}
    told = [context.get(name) for name in ("form", "typed", "page", "forms") if name in context]
    return [getattr(each, "errors", None) or getattr(each, "faults", None) or each for each in told]
