"""Filter of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.audit.sources import KINDS, SOURCES, Source
from screening.models import (
    ChangedField,
    Grant,
    LogExport,
    Refusal,
    Revision,
    Revocation,
    SigningFailure,
    TrailReview,
    Visit,
)
from screening.visits.field_history import history_of


@dataclass(frozen=True)
class AuditTrailFilter:
    """The filter of the audit trail; an empty value or None filters nothing.

    `person` is a user name: entries by that account and about it. `subject` is a screening number, `path` a
    field of the visit document, of all subjects where none is named, `kind` one of KINDS. `search` is looked for in
    texts that people wrote, and in the labels and values of changed fields, of the field `path` alone where it is
    given; `since` and `until` are the first and last day in the site's local time. `trials` are the keys of those whose
    entries are shown, with what is of no trial and by or about somebody who had a right in one of them; `trial` says
    their codes.
    """

    person: str = ""
    subject: str = ""
    path: str = ""
    kind: str = ""
    search: str = ""
    since: date | None = None
    until: date | None = None
    oldest_first: bool = False
    trial: str = ""
    trials: frozenset[int] | None = None

    @property
    def only_trial(self) -> int | None:
        """The key of the one trial that is filtered for; None for several, and where nothing is."""
        return min(self.trials) if self.trials is not None and len(self.trials) == 1 else None


def matching_sources(filters: AuditTrailFilter) -> list[tuple[int, Source, QuerySet[Any]]]:
    """Return the tables that can have matching entries, each as its index in SOURCES, source and rows."""
    histories = revisions_of_field(filters) if filters.path and filters.subject else None
    found = []
    for index, source in enumerate(SOURCES):
        if can_match(source, filters):
            condition = source_conditions(source, filters)
            if histories is not None and source.model is Revision:
                condition &= Q(pk__in=histories)
            found.append((index, source, source.model._default_manager.filter(condition)))
    return found


def can_match(source: Source, filters: AuditTrailFilter) -> bool:
    asked = (
        (filters.kind, source.kind == filters.kind),
        (filters.person, bool(source.who or source.account)),
        (filters.subject, bool(source.subject_path)),
        (filters.path, bool(source.path) or source.model is Revision),
        (filters.search, search_condition(source, filters) is not None),
    )
    return all(fits for wanted, fits in asked if wanted)


def source_conditions(source: Source, filters: AuditTrailFilter) -> Q:
    condition = Q() if filters.trials is None else trial_condition(source, filters.trials)
    if filters.person:
        by = Q(**{f"{source.who}__username": filters.person}) if source.who else Q(pk=None)
        condition &= by | Q(**{f"{source.account}__username": filters.person}) if source.account else by
    if filters.subject:
        path = "" if source.subject_path == "pk" else f"{source.subject_path}__"
        condition &= Q(**{f"{path}screening_number__iexact": filters.subject})
    if filters.path and source.path:
        condition &= field_condition(source, filters.path)
    if filters.path and source.model is Revision and not filters.subject:
        condition &= Q(pk__in=ChangedField.objects.filter(changed_path_condition(filters.path)).values("revision"))
    if filters.search:
        condition &= search_condition(source, filters) or Q()
    return condition & period_condition(filters)


def trial_condition(source: Source, trials: frozenset[int]) -> Q:
    """Return the condition for rows of these trials, and for those of none by or about who had a right in one of them.

    A right without a trial holds in each, and what was exported or reviewed without one held each.
    """
    paths = source.trial_paths
    of_them = [Q(**{f"{path}__in": trials}) for path in paths]
    if source.model in (LogExport, TrailReview):
        return of_them[0]
    people = Grant.objects.filter(Q(trial__in=trials) | Q(trial=None)).values("account")
    who = [path for path in (source.account, source.who) if path]
    of_none = Q(**{f"{path}__isnull": True for path in nullable_paths(source)})
    if not paths or nullable_paths(source):
        about = reduce(or_, (Q(**{f"{path}__in": people}) for path in who), Q())
        of_them.append(of_none & about)
    return reduce(or_, of_them)


def nullable_paths(source: Source) -> list[str]:
    """Return the paths to its trial on which a row may have none: of a refusal, and of a right."""
    return source.trial_paths if source.model in (SigningFailure, Refusal, Grant, Revocation) else []


def search_condition(source: Source, filters: AuditTrailFilter) -> Q | None:
    """Return the condition for rows in which the text is found, None where the table can have none.

    The text is looked for in the title of the entry, in the labels of codes, in texts that people wrote, and in the
    labels and values of the fields that a revision changed.
    """
    search = filters.search
    sought = search.casefold()
    if sought in source.title.casefold():
        return Q()
    found = [Q(**{f"{column}__icontains": search}) for column in (*source.texts, source.reason) if column]
    for name, choices in source.choices:
        codes = [code for code, words in choices if sought in words.casefold()]
        found += [Q(**{f"{name}__in": codes})] if codes else []
    if source.model is Revision:
        found.append(Q(Exists(ChangedField.objects.filter(changed_words_condition(filters), revision=OuterRef("pk")))))
    return reduce(or_, found) if found else None


def changed_words_condition(filters: AuditTrailFilter) -> Q:
    words = Q(words__icontains=filters.search)
    return words & changed_path_condition(filters.path) if filters.path else words


def changed_path_condition(path: str) -> Q:
    """Return the condition for changes of a field, or of any field of a part."""
    return Q(path=path) | Q(path__startswith=f"{path}.")


def field_condition(source: Source, path: str) -> Q:
    """Return the condition for rows about the field.

    An implausible value is found by its key, which names the test: its index in the list was that of one
    attempt.
    """
    by_key = Q(key__startswith=f"{path} ") if "key" in source.texts else Q()
    return Q(**{source.path: path}) | by_key if by_key else Q(**{source.path: path})


def period_condition(filters: AuditTrailFilter) -> Q:
    condition = Q()
    if filters.since:
        condition &= Q(created_at__gte=midnight(filters.since))
    if filters.until:
        condition &= Q(created_at__lt=midnight(filters.until + timedelta(1)))
    return condition


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def revisions_of_field(filters: AuditTrailFilter) -> list[int]:
    """Return the keys of the revisions of a subject's visits that changed the field."""
    visits = Visit.objects.filter(subject__screening_number__iexact=filters.subject)
    if filters.trials is not None:
        visits = visits.filter(subject__trial__in=filters.trials)
    return [entry.revision.pk for visit in visits for entry in history_of(visit, filters.path)]


def trail_filter_text(filters: AuditTrailFilter) -> str:
    """Return the filter as text for an export or a review."""
    active = [
        (_("trial"), filters.trial),
        (_("user"), filters.person),
        (_("subject"), filters.subject),
        (_("field"), filters.path),
        (_("kind"), str(KINDS.get(filters.kind, ""))),
        (_("text"), filters.search),
        (_("from"), filters.since.isoformat() if filters.since else ""),
        (_("to"), filters.until.isoformat() if filters.until else ""),
    ]
    return "; ".join(f"{name}: {value}" for name, value in active if value) or _("everything")
