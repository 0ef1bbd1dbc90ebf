"""Informed consent by the site's approved versions of the form: its edit check, and when a re-consent is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol
from criteria.models import Trial
from criteria.rules.dates import Days, parse_date
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.edit_checks import CONSENT as CODE, EditCheck, content_key
from criteria.vocabulary.validate import days_at
from criteria.vocabulary.values import is_unknown, text_fault
from screening.models import ConsentFormVersion, SubjectStatus

CONSENT, RECONSENTS = "consent", "reconsents"  # by convention, as the day of the visit
LONGEST_VERSION, LONGEST_NOTE = 40, 200


class GivenConsent(NamedTuple):
    """A consent of the document; `path` is where it stands, `version` the form's, empty where it is not known."""

    path: str
    version: str
    day: Days | None

    @property
    def day_text(self) -> str:
        return self.day.text if self.day else ""


class VersionProblem(NamedTuple):
    """Why the version of a consent is in doubt; `approved` is the version that rules it out, if it is one version."""

    message: str
    approved: ConsentFormVersion | None


class ConsentForms:
    """All records of consent form versions of a trial, in the order of entry."""

    def __init__(self, rows: tuple[ConsentFormVersion, ...]) -> None:
        self.rows = rows

    @cached_property
    def approved_versions(self) -> tuple[ConsentFormVersion, ...]:
        """The versions as last recorded, without those entered in error, the earliest first.

        Of several with one first day the one that was recorded first is the earliest, whichever was corrected since.
        """
        last = {row.version: row for row in self.rows}  # in the order in which each version was first recorded
        found = [row for row in last.values() if not row.in_error]
        return tuple(sorted(found, key=lambda row: row.valid_from))

    def find(self, version: str) -> ConsentFormVersion | None:
        return next((row for row in self.approved_versions if row.version == version), None)

    def in_force(self, day: date) -> ConsentFormVersion | None:
        """Return the latest version whose first day has come."""
        return next((row for row in reversed(self.approved_versions) if row.valid_from <= day), None)

    def newer_than(self, given: GivenConsent, today: date) -> ConsentFormVersion | None:
        """Return the version in force today where it is newer than that of a consent.

        Where the version of the consent is none of the approved ones, its day decides.
        """
        current, used = self.in_force(today), self.find(given.version)
        if current is None or current == used:
            return None
        if used:
            is_newer = self.approved_versions.index(used) < self.approved_versions.index(current)
        else:
            is_newer = given.day is not None and given.day.high < current.valid_from.toordinal()
        return current if is_newer else None


def consent_forms_of(trial: Trial) -> ConsentForms:
    return ConsentForms(tuple(trial.consent_form_versions.select_related("created_by").order_by("pk")))


def consent_forms_by_trial(trials: list[Trial]) -> dict[int, ConsentForms]:
    """Return the versions of several trials, by the key of the trial, in one query."""
    found: dict[int, list[ConsentFormVersion]] = {trial.pk: [] for trial in trials}
    for row in ConsentFormVersion.objects.filter(trial__in=trials).order_by("pk"):
        found[row.trial_id].append(row)
    return {key: ConsentForms(tuple(rows)) for key, rows in found.items()}


def given_consents(document: Any) -> Iterator[GivenConsent]:
    """Yield the consent of a document and the re-consents, where they have a version or a day."""
    parts = document if isinstance(document, Mapping) else {}
    again = parts.get(RECONSENTS)
    places = [(CONSENT, parts.get(CONSENT))]
    places += [(f"{RECONSENTS}[{at}]", each) for at, each in enumerate(again if isinstance(again, list) else [])]
    for path, content in places:
        if isinstance(content, Mapping):
            version = content.get("version")
            text = version.strip() if isinstance(version, str) and not is_unknown(version) else ""
            given = GivenConsent(path, text, days_at(content, "date"))
            if given.version or given.day:
                yield given


def last_consent(document: Any) -> GivenConsent | None:
    """Return the consent with the latest day; of several on one day, and without any, the last in the document."""
    given = list(given_consents(document))
    return max(reversed(given), key=lambda each: each.day.low if each.day else 0, default=None)


def recorded_consent(row: SubjectStatus) -> GivenConsent | None:
    """Return the last consent as the log has it; None where there is none."""
    version, text = (
        (row.reconsent_version, row.reconsent_date) if row.has_reconsent else (row.consent_version, row.consent_date)
    )
    return GivenConsent("", version, parse_date(text) if text else None) if version or text else None


def names_version(document: Any) -> bool:
    return any(each.version for each in given_consents(document))


def consent_checks(forms: ConsentForms, protocol: Protocol, document: Any) -> tuple[EditCheck, ...]:
    """Return an edit check for each consent by a version that was not the one in use on its day.

    None while the site has recorded no version.
    """
    if not forms.approved_versions:
        return ()
    criteria = tuple(sorted(protocol.codes_reading(f"{CONSENT}.date")))
    problems = ((each, version_problem(forms, each)) for each in given_consents(document) if each.version)
    return tuple(consent_check(each, problem, criteria) for each, problem in problems if problem)


def consent_check(given: GivenConsent, problem: VersionProblem, criteria: tuple[str, ...]) -> EditCheck:
    names = ("version", "date") if problem.approved else ("version",)
    paths = tuple(f"{given.path}.{name}" for name in names)
    words = {"version": given.version, "day": given.day_text or _("an unknown day")}
    value = _("version %(version)s, consent of %(day)s") % words
    limit = [problem.approved.version, problem.approved.valid_from.isoformat()] if problem.approved else []
    key = content_key(CODE, [given.path.partition("[")[0], given.version, given.day_text, *limit])
    return EditCheck(paths[0], key, value, problem.message, CODE, paths, criteria)


def version_problem(forms: ConsentForms, given: GivenConsent) -> VersionProblem | None:
    """Return why a version is in doubt: it is none of the approved, was not yet in use, or was replaced by then."""
    used = forms.find(given.version)
    if used is None:
        approved = ", ".join(row.version for row in forms.approved_versions)
        text = _("This is none of the approved versions of the consent form: %(approved)s.")
        return VersionProblem(text % {"approved": approved}, None)
    if given.day is None:
        return None
    if given.day.high < used.valid_from.toordinal():
        text = _("This version of the consent form is in use from %(first)s on, and the consent is older.")
        return VersionProblem(text % {"first": used.valid_from.isoformat()}, used)
    if newer := forms.newer_than(given, date.fromordinal(given.day.low)):
        text = _("Version %(version)s of the consent form was in use by then, from %(first)s on.")
        return VersionProblem(text % {"version": newer.version, "first": newer.valid_from.isoformat()}, newer)
    return None


def reconsent_text(forms: ConsentForms, document: Any, today: date) -> str:
    """Return why a re-consent is due; empty where none is, or where nobody has consented so far."""
    last = last_consent(document)
    newer = forms.newer_than(last, today) if last else None
    if last is None or newer is None:
        return ""
    words = {
        "newer": newer.version,
        "first": newer.valid_from.isoformat(),
        "version": last.version or _("not known"),
        "day": last.day_text or _("an unknown day"),
    }
    return (
        _(
            "Version %(newer)s of the consent form is in use from %(first)s on; the last consent is by version"
            " %(version)s, of %(day)s, and no re-consent is recorded."
        )
        % words
    )


@transaction.atomic
def add_consent_form_version(
    trial: Trial,
    author: User,
    *,
    version: str,
    approved_on: date | None,
    valid_from: date | None,
    in_error: bool = False,
    note: str = "",
) -> ConsentFormVersion:
    """Record a version of the consent form, or correct one that was recorded before.

    BadDocument, with faults named after these parameters.
    """
    version, note = version.strip(), note.strip()
    last = trial.consent_form_versions.filter(version=version).order_by("pk").last()
    messages = {
        "version": version_fault(version),
        "approved_on": approval_fault(approved_on),
        "valid_from": first_day_fault(approved_on, valid_from),
        "in_error": _("no such version was recorded before") if in_error and last is None else "",
        "note": note_fault(note, is_correction=last is not None),
    }
    faults = [Fault(name, message) for name, message in messages.items() if message]
    if faults or approved_on is None or valid_from is None:
        raise BadDocument(faults)
    return ConsentFormVersion.objects.create(
        trial=trial,
        version=version,
        approved_on=approved_on,
        valid_from=valid_from,
        in_error=in_error,
        note=note,
        created_by=author,
    )


def version_fault(version: str) -> str:
    if not version:
        return _("type the version as it is printed on the form")
    return long_text_fault(version, LONGEST_VERSION)


def approval_fault(approved_on: date | None) -> str:
    if approved_on is None:
        return _("the day of the ethics committee's approval is required")
    today = timezone.localdate()
    return _("lies in the future: today is %s") % today.isoformat() if approved_on > today else ""


def first_day_fault(approved_on: date | None, valid_from: date | None) -> str:
    if valid_from is None:
        return _("the first day on which the version is used is required")
    if approved_on and valid_from < approved_on:
        return _("lies before the day of approval, %s") % approved_on.isoformat()
    return ""


def note_fault(note: str, *, is_correction: bool) -> str:
    if is_correction and not note:
        return _("this version was recorded before: say why it is recorded again")
    return long_text_fault(note, LONGEST_NOTE)


def long_text_fault(text: str, most: int) -> str:
    return _("at most %(most)d characters") % {"most": most} if len(text) > most else text_fault(text)
