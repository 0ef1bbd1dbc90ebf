"""Edit checks of a visit: those raised and not yet confirmed, their confirmations and the queries raised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.evaluation.checks import CheckContext
from criteria.evaluation.protocol import Protocol
from criteria.models import Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault, Section
from criteria.vocabulary.edit_checks import EditCheck
from criteria.vocabulary.values import required_text_fault, text_fault
from screening.models import Confirmation, EditCheckQuery, Revision, Visit
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version
from screening.visits.consent import (
    CONSENT,
    RECONSENTS,
    ConsentForms,
    consent_checks,
    consent_forms_of,
    names_version,
)
from screening.visits.labels import STEP
from screening.visits.lock import lock_latest_revision
from screening.visits.reference_ranges import Ranges
from screening.visits.result_remarks import entry_remarks, remarks_at


class EditCheckState(NamedTuple):
    """An edit check that a revision raises, and its confirmation at the visit; None where nobody has answered it."""

    check: EditCheck
    confirmation: Confirmation | None


def entered_checks(
    trial: Trial,
    protocol: Protocol,
    document: Mapping[str, Any],
    saved: Mapping[str, Any],
    keys: Collection[str],
    forms: ConsentForms | None = None,
) -> tuple[EditCheck, ...]:
    """Return the edit checks that a valid document raises today, which is to follow what is `saved`.

    `keys` are those entered; checks that concern none of them may be left out. At most one query for the site's own
    ranges, where a check needs them, and one for its versions of the consent form where a consent is among what was
    entered; none for `forms` read before. Today is the day in the site's time zone.
    """
    entered = frozenset(keys)
    read = protocol.checks.reads_remarks(entered)
    remarks = entry_remarks(trial, protocol.vocabulary, document, saved) if read else {}
    if forms is None and not {CONSENT, RECONSENTS}.isdisjoint(keys) and names_version(document):
        forms = consent_forms_of(trial)
    asked = consent_checks(forms, protocol, document) if forms else ()
    return protocol.raised_checks(document, CheckContext(timezone.localdate(), remarks, asked, entered))


def raised_checks(
    protocol: Protocol, revision: Revision, ranges: Ranges | None = None, forms: ConsentForms | None = None
) -> tuple[EditCheck, ...]:
    """Return every edit check that a revision raises today, in at most three queries.

    `ranges` and the consent `forms` are those of the trial where they were read before, which saves one each.
    """
    document = revision.document
    remarks = remarks_at(revision, protocol.vocabulary, ranges)
    if forms is None and names_version(document):
        forms = consent_forms_of(revision.visit.subject.trial)
    asked = consent_checks(forms, protocol, document) if forms else ()
    return protocol.raised_checks(document, CheckContext(timezone.localdate(), remarks, asked))


def edit_check_states(
    protocol: Protocol, revision: Revision, ranges: Ranges | None = None, forms: ConsentForms | None = None
) -> list[EditCheckState]:
    """Return the edit checks of a revision with their confirmations, in one query more than `raised_checks`."""
    at_visit = Confirmation.objects.filter(revision__visit=revision.visit_id, revision__number__lte=revision.number)
    confirmed = {each.key: each for each in at_visit.select_related("created_by", "revision").order_by("-pk")}
    raised = raised_checks(protocol, revision, ranges, forms)
    return [EditCheckState(each, confirmed.get(each.key)) for each in raised]


def open_checks(protocol: Protocol, revision: Revision) -> list[EditCheck]:
    """Return the edit checks of a revision that nobody has answered."""
    return [state.check for state in edit_check_states(protocol, revision) if state.confirmation is None]


def unconfirmed_checks(visit: Visit, section: Section, found: Iterable[EditCheck]) -> list[EditCheck]:
    """Return the edit checks that a save of this section waits for: those that nobody has confirmed at this visit.

    One that rests on a question of another section, which nobody has answered yet, is asked there.
    """
    own = [each for each in found if not sections_keys(each).isdisjoint(section.keys)]
    own = [each for each in own if not awaits_answer(each, section.keys)]
    if not own:
        return []
    known = set(Confirmation.objects.filter(revision__visit=visit).values_list("key", flat=True))
    return [each for each in own if each.key not in known]


def awaits_answer(check: EditCheck, keys: Collection[str]) -> bool:
    """Return whether an edit check rests on a question, asked under other `keys`, that nobody has answered yet."""
    return any(STEP.findall(path)[0] not in keys for path in check.unanswered)


def sections_keys(check: EditCheck) -> set[str]:
    """Return the top-level keys of the visit document that an edit check concerns."""
    return {STEP.findall(path)[0] for path in check.all_paths if path}


def unanswered_checks(
    asked: Iterable[EditCheck], confirmed: Collection[str], reasons: Mapping[str, str]
) -> list[EditCheck]:
    """Return the edit checks that have no valid reason and, where none is needed, are not confirmed either.

    `confirmed` holds keys, `reasons` the reasons by key.
    """
    given = {key for key, reason in reasons.items() if reason.strip() and not text_fault(reason)}
    without_reason = [each for each in asked if each.key not in given]
    return [each for each in without_reason if each.needs_reason or each.key not in confirmed]


def record_confirmations(revision: Revision, asked: Iterable[EditCheck], reasons: Mapping[str, str]) -> None:
    Confirmation.objects.bulk_create(
        confirmation_of(revision, each, reasons.get(each.key, ""), revision.created_by) for each in asked
    )


def confirmation_of(revision: Revision, check: EditCheck, reason: str, author: User) -> Confirmation:
    return Confirmation(
        revision=revision,
        path=check.path,
        key=check.key,
        code=check.code,
        message=check.text,
        reason=reason.strip(),
        created_by=author,
    )


@transaction.atomic
def answer_check(visit: Visit, key: str, reason: str, author: User) -> Confirmation:
    """Record why what a check of the latest revision asks is right all the same.

    BadDocument where no such check is open (it was answered, or what raised it was changed), or without a reason;
    Refused: entered_in_error.
    """
    latest = lock_latest_revision(visit.pk)
    protocol = protocol_of(applicable_version(visit, latest.document))
    check = next((each for each in open_checks(protocol, latest) if each.key == key), None)
    if check is None:
        raise BadDocument([Fault("", _("this check is not open any more: look at the visit again"))])
    if message := required_text_fault(reason, _("say why it is right all the same")):
        raise BadDocument([Fault("reason", message)])
    answer = confirmation_of(latest, check, reason, author)
    answer.save()
    records_added.send(sender=Confirmation, subject=visit.subject, visit=visit)
    return answer


@transaction.atomic
def record_edit_check_queries(visit: Visit, section: Section, asked: Iterable[EditCheck], author: User) -> None:
    """Record that edit checks were raised; nothing else of the entered values was saved."""
    EditCheckQuery.objects.bulk_create(
        EditCheckQuery(
            visit=visit,
            section=section.code,
            path=each.path,
            key=each.key,
            code=each.code,
            message=each.text,
            created_by=author,
        )
        for each in asked
    )
