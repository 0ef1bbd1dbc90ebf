"""Entries of the audit trail: when, who in which role, about whom, old and new values, and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import Trial
from screening.access.accounts import printed_name
from screening.access.permissions import ROLES
from screening.access.rights import RoleHistory
from screening.audit.fields import FieldChange, TrailContext, field_changes
from screening.audit.sources import SOURCES, Source
from screening.models import Revision, Subject, Visit

if TYPE_CHECKING:
    from screening.audit.cursor import TrailPosition


class AuditEntry(NamedTuple):
    """An entry of the audit trail.

    `person` is who did it, `command` the command of the server that did, where nobody was logged in; `about` is the
    account that the entry concerns, if any; `address` is the URL of the page that shows the
    record, if any; `trial` is the code of its trial; `is_withheld` where an export leaves out `words` and `reason`.
    """

    at: datetime
    kind: str
    title: str
    key: int
    person: User | None
    command: str
    roles: list[str]
    subject: Subject | None
    visit: Visit | None
    about: User | None
    words: str
    reason: str
    changes: list[FieldChange]
    address: str
    is_withheld: bool = False
    trial: str = ""

    @property
    def utc(self) -> str:
        """The server's time as UTC, to the second."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    @property
    def local(self) -> str:
        """The local time of the site at that moment with its UTC offset; empty where the offset is zero."""
        local = timezone.localtime(self.at)
        return local.strftime("%Y-%m-%d %H:%M:%S %z") if local.utcoffset() else ""

    @property
    def who(self) -> str:
        if self.command:
            return _("by command %s") % self.command
        return printed_name(self.person) if self.person else _("a user name that does not exist")

    @property
    def role(self) -> str:
        return ", ".join(self.roles)


def entries_of(places: Iterable[TrailPosition]) -> list[AuditEntry]:
    """Return the entries at the positions, in the same order.

    The number of queries grows with the tables, not with the rows.
    """
    places = list(places)
    rows = {index: source_rows(SOURCES[index], keys) for index, keys in keys_by_source(places).items()}
    found = [(SOURCES[place.source], rows[place.source][place.key]) for place in places]
    roles = RoleHistory(key_of(related_object(row, source.who)) for source, row in found)
    known = TrailContext([row for _source, row in found])
    return [entry_of(source, row, roles, known) for source, row in found]


def keys_by_source(places: Iterable[TrailPosition]) -> dict[int, list[int]]:
    keys: dict[int, list[int]] = {}
    for place in places:
        keys.setdefault(place.source, []).append(place.key)
    return keys


def source_rows(source: Source, keys: list[int]) -> dict[int, Any]:
    rows = source.model._default_manager.all()
    related = [path for path in related_of(source) if path]
    return (rows.select_related(*related) if related else rows).in_bulk(keys)


def related_of(source: Source) -> list[str]:
    """Return the relations that an entry reads in addition to the row.

    These are the users and subjects, the visit, and the relations that `words` reads.
    """
    subject = {"": "", "pk": "trial"}.get(source.subject_path, f"{source.subject_path}__trial")
    visit = "" if source.visit == "pk" else source.visit
    trial = "" if source.trial == "pk" else source.trial
    return [source.who, source.account, visit, subject, trial, *source.related]


def related_object(row: Any, path: str) -> Any:
    """Return the object at the end of a path.

    This is the row itself for `pk`, and None for an empty path or past an empty relation, in either direction.
    """
    if not path:
        return None
    for step in path.split("__") if path != "pk" else []:
        row = getattr(row, step, None)
    return row


def key_of(row: Model | None) -> int | None:
    return row.pk if row else None


def entry_of(source: Source, row: Any, roles: RoleHistory, known: TrailContext) -> AuditEntry:
    visit, trial = related_object(row, source.visit), trial_of(source, row)
    person = related_object(row, source.who)
    found = field_changes(row, known)
    return AuditEntry(
        at=row.created_at,
        kind=source.kind,
        title=title_of(source, row, found),
        key=row.pk,
        person=person,
        command=source.command(row),
        roles=[str(ROLES[code]) for code in roles.at(key_of(person), row.created_at, key_of(trial))],
        subject=related_object(row, source.subject_path),
        visit=visit,
        about=related_object(row, source.account),
        words=str(source.words(row)),
        reason=getattr(row, source.reason) if source.reason else "",
        changes=found,
        address=address_of(row, visit),
        is_withheld=source.is_withheld,
        trial=trial.code if trial else "",
    )


def trial_of(source: Source, row: Any) -> Trial | None:
    return next((trial for path in source.trial_paths if (trial := related_object(row, path))), None)


def title_of(source: Source, row: Any, found: list[FieldChange]) -> str:
    """Return the title of the entry.

    A revision is an entry, or a correction where a value known before was changed or removed.
    """
    if isinstance(row, Revision):
        return _("correction") if any(change.is_correction for change in found) else _("entry")
    return source.title


def address_of(row: Any, visit: Visit | None) -> str:
    match type(row).__name__:
        case "Revision":
            return reverse("screening:revision", args=[row.visit_id, row.number])
        case "Assessment":
            return reverse("screening:assessment", args=[row.pk])
        case "Signature":
            return reverse("screening:assessment", args=[row.assessment_id])
        case "Amendment":
            return reverse("screening:amendment", args=[row.pk])
        case "ProtocolVersion":
            return reverse("screening:version", args=[row.pk])
        case "Subject":
            return reverse("screening:subject", args=[row.pk])
    return reverse("screening:visit", args=[visit.pk]) if visit else ""
