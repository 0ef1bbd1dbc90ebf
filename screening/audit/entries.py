"""What the trail says of a record: when, who in which role, about whom, what was before and after, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.access.accounts import printed_name
from screening.access.permissions import ROLES
from screening.access.rights import Roles
from screening.audit.fields import FieldChange, Known, fields_of
from screening.audit.sources import SOURCES, Source
from screening.models import Revision, Subject, Visit

if TYPE_CHECKING:
    from screening.audit.cursor import Place


class Entry(NamedTuple):
    """`about` is the account that it is about, if it is; `address` leads to the record, where a page shows it."""

    at: datetime
    kind: str
    title: str
    key: int
    person: User | None
    roles: list[str]
    subject: Subject | None
    visit: Visit | None
    about: User | None
    words: str
    reason: str
    changes: list[FieldChange]
    address: str

    @property
    def utc(self) -> str:
        """The server's time, to the second, as UTC."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    @property
    def local(self) -> str:
        """The site's clock of that moment with its distance from UTC; empty where that is UTC."""
        local = timezone.localtime(self.at)
        return local.strftime("%Y-%m-%d %H:%M:%S %z") if local.utcoffset() else ""

    @property
    def who(self) -> str:
        return printed_name(self.person) if self.person else ""

    @property
    def role(self) -> str:
        return ", ".join(self.roles)


def entries_of(places: Iterable[Place]) -> list[Entry]:
    """In the order of the places, in a number of queries that grows with the tables, not with the rows."""
    places = list(places)
    rows = {index: rows_of(SOURCES[index], keys) for index, keys in by_source(places).items()}
    found = [(SOURCES[place.source], rows[place.source][place.key]) for place in places]
    roles = Roles(account_of(source.who, row) for source, row in found)
    known = Known([row for _source, row in found])
    return [entry_of(source, row, roles, known) for source, row in found]


def by_source(places: Iterable[Place]) -> dict[int, list[int]]:
    keys: dict[int, list[int]] = {}
    for place in places:
        keys.setdefault(place.source, []).append(place.key)
    return keys


def rows_of(source: Source, keys: list[int]) -> dict[int, Any]:
    rows = source.model._default_manager.all()
    related = [path for path in related_of(source) if path]
    return (rows.select_related(*related) if related else rows).in_bulk(keys)


def related_of(source: Source) -> list[str]:
    """What an entry reads beside the row: the people, the visit, and what `words` names."""
    subject = {"": "", "pk": "trial"}.get(source.person, f"{source.person}__trial")
    visit = "" if source.visit == "pk" else source.visit
    return [source.who, source.account, visit, subject, *source.related]


def followed(row: Any, path: str) -> Any:
    """What a path leads to; the row itself by `pk`, nothing by an empty path or past an empty link."""
    if not path:
        return None
    for step in path.split("__") if path != "pk" else []:
        row = None if row is None else getattr(row, step)
    return row


def account_of(path: str, row: Model) -> int | None:
    return getattr(row, f"{path}_id") if path else None


def entry_of(source: Source, row: Any, roles: Roles, known: Known) -> Entry:
    visit = followed(row, source.visit)
    person = followed(row, source.who)
    found = fields_of(row, known)
    return Entry(
        at=row.created_at,
        kind=source.kind,
        title=title_of(source, row, found),
        key=row.pk,
        person=person,
        roles=[str(ROLES[code]) for code in roles.at(person.pk if person else None, row.created_at)],
        subject=followed(row, source.person),
        visit=visit,
        about=followed(row, source.account),
        words=str(source.words(row)),
        reason=getattr(row, source.reason) if source.reason else "",
        changes=found,
        address=address_of(row, visit),
    )


def title_of(source: Source, row: Any, found: list[FieldChange]) -> str:
    """A revision is an entry, or a correction where something known before was changed or taken away."""
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
