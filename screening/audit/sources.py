"""Sources of the audit trail: every table of records, with what an entry reads from a row of it.

Rows that are a part of another record (a verdict of its assessment) have their entry there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from criteria import models as criteria
from criteria.rules.units import unit_text
from screening import models as screening
from screening.models import AccountStep
from screening.visits.reference_ranges import age_band_text

PART_MODELS: tuple[type[Model], ...] = (  # each saved with the record that has the entry
    screening.Verdict,
    screening.SimulatedChange,
    criteria.Criterion,
    criteria.Parameter,
)


LOAD_PROTOCOL = "load_protocol"  # it alone makes a trial and its first version; later versions are approved
STEPS_OF_MANAGERS = (AccountStep.CREATED, AccountStep.ACCESS)  # which no user can do for the own account

AMENDMENT_TRIAL = "revision__amendment__trial"  # what the revision of an amendment is called by


class Source(NamedTuple):
    """A table of records.

    Paths lead from a row to the visit or subject, to the account that it is about, and to its trial where it has no
    subject; `reason` and `texts` are
    columns in which people wrote, `related` is what `words` reads; `who` is empty where nobody is logged in for
    it. `command` names the command of the server that made a row, and is empty for what a user did. `is_withheld`
    where the words stay at the site: an export leaves them out.
    """

    kind: str
    model: type[Model]
    words: Callable[[Any], str]
    visit: str = ""
    subject: str = ""
    account: str = ""
    path: str = ""
    reason: str = ""
    texts: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    who: str = "created_by"
    command: Callable[[Any], str] = lambda row: ""
    is_withheld: bool = False
    trial: str = ""

    @property
    def trial_paths(self) -> list[str]:
        """The paths from a row to its trial: through its subject, and another one; none for what is of no trial."""
        subject = self.subject_path
        through = {"": "", "pk": "trial"}.get(subject, f"{subject}__trial")
        return [path for path in (through, self.trial) if path]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The columns that contain a code, each with its codes and their labels."""
        fields = self.model._meta.concrete_fields
        return [
            (field.name, [(str(code), str(words)) for code, words in field.choices])
            for field in fields
            if field.choices
        ]

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def subject_path(self) -> str:
        """The path from a row to its subject, direct or through the visit; `pk` where it is the row itself."""
        if self.subject or not self.visit:
            return self.subject
        return "subject" if self.visit == "pk" else f"{self.visit}__subject"


def row_text(row: Model) -> str:
    return str(row)


KINDS: dict[str, Promise] = {
    "data": _("entries and corrections"),
    "assessments": _("assessments"),
    "review": _("questions and remarks"),
    "signatures": _("signatures and decisions"),
    "refusals": _("refusals"),
    "protocol": _("protocol and amendments"),
    "simulations": _("dry runs and threshold simulations"),
    "accounts": _("accounts and rights"),
    "access": _("logins and denials"),
    "views": _("views of subjects"),
    "exports": _("exports and reviews of the audit trail"),
}

SOURCES: tuple[Source, ...] = (
    Source("data", screening.Subject, row_text, subject="pk"),
    Source(
        "data",
        screening.SubjectReference,
        lambda row: row.reference or str(_("taken away")),
        subject="subject",
        reason="reason",
        texts=("reference", "reason"),
        is_withheld=True,
    ),
    Source("data", screening.SubjectInError, row_text, subject="subject", reason="reason", texts=("reason",)),
    Source("data", screening.Visit, lambda row: _("visit %d begun") % row.number, visit="pk"),
    Source(
        "data",
        screening.VisitInError,
        lambda row: _("visit %d") % row.visit.number,
        visit="visit",
        reason="reason",
        texts=("reason",),
    ),
    Source("data", screening.Revision, lambda row: _("revision %d") % row.number, visit="visit", reason="reason"),
    Source(
        "data", screening.EditCheckQuery, lambda row: row.message, visit="visit", path="path", texts=("message", "key")
    ),
    Source(
        "data",
        screening.Confirmation,
        lambda row: row.message,
        visit="revision__visit",
        path="path",
        reason="reason",
        texts=("message", "key", "reason"),
    ),
    Source(
        "data",
        screening.ReferenceRange,
        lambda row: reference_range_text(row),
        texts=("source", "laboratory", "doubt"),
        trial="trial",
    ),
    Source(
        "data",
        screening.RangeConfirmation,
        lambda row: reference_range_text(row.range),
        related=("range",),
        trial="range__trial",
    ),
    Source(
        "data",
        screening.RangeEnd,
        lambda row: (
            _("%(range)s: last day %(day)s")
            % {"range": reference_range_text(row.range), "day": row.last_day.isoformat()}
        ),
        reason="reason",
        related=("range",),
        trial="range__trial",
    ),
    Source(
        "data",
        screening.RangeRetraction,
        lambda row: reference_range_text(row.range),
        reason="reason",
        related=("range",),
        trial="range__trial",
    ),
    Source(
        "data",
        screening.ConsentFormVersion,
        lambda row: consent_form_text(row),
        reason="note",
        texts=("version",),
        trial="trial",
    ),
    Source(
        "data", screening.VersionTransition, lambda row: str(row.version), visit="visit", related=("version__trial",)
    ),
    Source(
        "review",
        screening.FailureDismissal,
        lambda row: str(row.version),
        visit="visit",
        reason="reason",
        texts=("reason",),
        related=("version__trial",),
    ),
    Source("assessments", screening.Assessment, lambda row: row.get_overall_display(), visit="revision__visit"),
    Source("review", screening.Question, lambda row: question_text(row), visit="visit", path="path", texts=("text",)),
    Source("review", screening.Answer, lambda row: row.text, visit="question__visit", texts=("text",)),
    Source(
        "review",
        screening.Disagreement,
        lambda row: ": ".join(filter(None, [row.verdict.code, str(row.get_opinion_display()), row.text])),
        visit="verdict__assessment__revision__visit",
        texts=("text",),
        related=("verdict",),
    ),
    Source(
        "review",
        screening.Attestation,
        row_text,
        visit="revision__visit",
        path="path",
        texts=("label", "value", "key"),
    ),
    Source("review", screening.SendBack, lambda row: "", visit="assessment__revision__visit", reason="comment"),
    Source(
        "signatures",
        screening.Signature,
        lambda row: row.meaning,
        visit="assessment__revision__visit",
        reason="despite",
        texts=("meaning", "printed_name"),
    ),
    Source(
        "signatures",
        screening.SignatureWithdrawal,
        lambda row: row.meaning,
        visit="signature__assessment__revision__visit",
        reason="reason",
        texts=("meaning", "printed_name"),
    ),
    Source(
        "signatures",
        screening.Closure,
        lambda row: row.meaning,
        visit="revision__visit",
        reason="comment",
        texts=("meaning", "printed_name"),
    ),
    Source(
        "signatures",
        screening.Reopening,
        lambda row: row.meaning,
        visit="closure__revision__visit",
        reason="reason",
        texts=("meaning", "printed_name"),
    ),
    Source("signatures", screening.Enrolment, lambda row: row.number, subject="subject", texts=("number",)),
    Source(
        "refusals",
        screening.SigningFailure,
        lambda row: with_amendment(row, row.get_cause_display()),
        visit="visit",
        related=("amendment__trial",),
        trial="amendment__trial",
    ),
    Source(
        "refusals",
        screening.Refusal,
        lambda row: with_amendment(row, f"{row.message} ({row.place})"),
        visit="visit",
        account="account",
        texts=("message", "place"),
        related=("amendment__trial",),
        trial="amendment__trial",
    ),
    Source("protocol", criteria.Trial, row_text, who="", command=lambda row: LOAD_PROTOCOL, trial="pk"),
    Source(
        "protocol",
        criteria.ProtocolVersion,
        row_text,
        texts=("note", "number"),
        related=("trial",),
        who="approval__created_by",
        command=lambda row: "" if hasattr(row, "approval") else LOAD_PROTOCOL,
        trial="trial",
    ),
    Source("protocol", criteria.Amendment, row_text, related=("trial",), trial="trial"),
    Source(
        "protocol",
        criteria.AmendmentRevision,
        lambda row: ", ".join(filter(None, [str(row), str(row.get_kind_display()), row.about])),
        reason="reason",
        texts=("about",),
        related=("amendment__trial",),
        trial="amendment__trial",
    ),
    Source("protocol", criteria.BoundaryReview, row_text, related=(AMENDMENT_TRIAL,), trial=AMENDMENT_TRIAL),
    Source("protocol", criteria.Proposal, row_text, reason="reason", related=(AMENDMENT_TRIAL,), trial=AMENDMENT_TRIAL),
    Source(
        "protocol",
        criteria.Rejection,
        row_text,
        reason="reason",
        related=(f"proposal__{AMENDMENT_TRIAL}",),
        trial=f"proposal__{AMENDMENT_TRIAL}",
    ),
    Source(
        "protocol",
        criteria.Withdrawal,
        row_text,
        reason="reason",
        related=("amendment__trial",),
        trial="amendment__trial",
    ),
    Source(
        "protocol",
        criteria.Approval,
        lambda row: row.meaning,
        reason="reason",
        texts=("meaning",),
        trial="version__trial",
    ),
    Source(
        "simulations", screening.Simulation, row_text, related=("base__trial", AMENDMENT_TRIAL), trial="base__trial"
    ),
    Source(
        "simulations",
        screening.SimulationReport,
        row_text,
        related=("simulation__base__trial", f"simulation__{AMENDMENT_TRIAL}"),
        trial="simulation__base__trial",
    ),
    Source(
        "accounts",
        screening.Grant,
        lambda row: grant_text(row),
        account="account",
        reason="reason",
        related=("trial",),
        trial="trial",
        command=lambda row: command_of_account(row),
    ),
    Source(
        "accounts",
        screening.Revocation,
        lambda row: with_trial(row.grant, str(row.grant.get_role_display())),
        account="grant__account",
        reason="reason",
        related=("grant__trial",),
        trial="grant__trial",
    ),
    Source(
        "accounts",
        screening.AccountChange,
        lambda row: ": ".join(filter(None, [str(row.get_step_display()), row.detail])),
        account="account",
        reason="reason",
        texts=("detail",),
        command=lambda row: command_of_account(row) if row.step in STEPS_OF_MANAGERS else "",
    ),
    Source("access", screening.AccessEvent, lambda row: access_text(row), texts=("place", "address")),
    Source("views", screening.SubjectView, lambda row: row.day.isoformat(), subject="subject"),
    Source("exports", screening.LogExport, row_text, texts=("filters",), related=("trial",), trial="trial"),
    Source(
        "exports",
        screening.TrailReview,
        lambda row: review_text(row),
        reason="remark",
        texts=("filters",),
        trial="trial",
    ),
    Source(
        "exports",
        screening.RecordSeal,
        lambda row: f"{row.table}, {row.rows}",
        who="",
        command=lambda row: str(_("work or seal_records")),
    ),
)


def command_of_account(row: screening.Grant | screening.AccountChange) -> str:
    """Return the command that made a record about an account; empty where a user did.

    A command is on record under the account itself, which nobody may give a right or an access to by the pages. In a
    demonstration, which refuses accounts of a site, its own command made them.
    """
    if row.created_by_id != row.account_id:
        return ""
    return "demonstration" if settings.DEMONSTRATION else "create_account"


def question_text(question: screening.Question) -> str:
    return ": ".join(filter(None, [question.criterion or question.path, question.text]))


def consent_form_text(row: screening.ConsentFormVersion) -> str:
    words = {"version": row.version, "approved": row.approved_on.isoformat(), "first": row.valid_from.isoformat()}
    if row.in_error:
        return _("%(version)s, entered in error") % words
    return _("%(version)s, approved on %(approved)s, in use from %(first)s on") % words


def reference_range_text(row: screening.ReferenceRange) -> str:
    limit = _("no upper limit") if row.uln is None else f"{row.uln} {unit_text(row.unit)}"
    lower = "" if row.lln is None else _("lower limit %(limit)s") % {"limit": f"{row.lln} {unit_text(row.unit)}"}
    words = [row.analyte, row.sex, age_band_text(row), str(limit), lower, row.valid_from.isoformat(), row.laboratory]
    return ", ".join(filter(None, map(str, words)))


def with_amendment(row: screening.Refusal | screening.SigningFailure, words: str) -> str:
    return f"{row.amendment}: {words}" if row.amendment else words


def review_text(review: screening.TrailReview) -> str:
    words = {"filters": review.filters, "entries": review.entries}
    if review.newest is None:
        return _("%(filters)s; there were none") % words
    newest = review.newest.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return _("%(filters)s; %(entries)d entries, the latest of %(newest)s") % {**words, "newest": newest}


def with_trial(grant: screening.Grant, words: str) -> str:
    return f"{words}, {grant.trial.code}" if grant.trial else words


def grant_text(grant: screening.Grant) -> str:
    role = with_trial(grant, str(grant.get_role_display()))
    words = {"role": role, "first": grant.holds_from.isoformat()}
    if grant.holds_until is None:
        return _("%(role)s, from %(first)s") % words
    return _("%(role)s, from %(first)s to %(last)s") % {**words, "last": grant.holds_until.isoformat()}


def access_text(event: screening.AccessEvent) -> str:
    return ", ".join(filter(None, [str(event.get_kind_display()), event.place, event.address]))
