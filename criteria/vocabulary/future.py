"""Days in the future: refused on entry of what has happened, asked back of a visit, allowed of what is planned.

Replay must not depend on the clock, so this is no fault of a document (`validate`): it is asked on every way in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from criteria.rules.dates import Days, parse_date
from criteria.vocabulary.edit_checks import FUTURE, EditCheck
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import Checklist, Field, Group, Results, Single, Vocabulary
from criteria.vocabulary.validate import BARE_ENTRY, record_fields
from criteria.vocabulary.values import is_unknown

DAY_TYPES = ("day", "date")


def days_ahead(vocabulary: Vocabulary, document: Mapping[str, Any], today: date) -> Iterator[EditCheck]:
    """Yield an edit check for every day of a valid document that has not come yet, and should have.

    Planned days are allowed.
    """
    for path, field, days in known_days(vocabulary, document):
        if field.future != "allowed" and days.low > today.toordinal():
            message = _("lies in the future (today is %(today)s); is it right?") % {"today": today.isoformat()}
            yield EditCheck(
                path, f"{FUTURE} {path} {days.text}", days.text, message, FUTURE, (path,), label=field.label
            )


def future_faults(vocabulary: Vocabulary, document: Mapping[str, Any], today: date) -> tuple[Fault, ...]:
    """Return a fault for every day ahead of something that has happened; none of what is only asked back."""
    return tuple(
        Fault(path, ahead_text(field, days, today))
        for path, field, days in known_days(vocabulary, document)
        if field.future == "refused" and days.low > today.toordinal()
    )


def ahead_text(field: Field, days: Days, today: date) -> str:
    words = {"label": field.label, "day": days.text, "today": today.isoformat()}
    return _("%(label)s: “%(day)s” lies in the future; today is %(today)s") % words


def known_days(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Iterator[tuple[str, Field, Days]]:
    """Yield every known day of a valid document with its path and field."""
    for part in vocabulary.parts.values():
        content: Any = document.get(part.key)
        if is_unknown(content):
            continue
        if isinstance(part, Single):
            yield from days_in({part.key: part.field}, {part.key: content}, "")
        elif isinstance(part, Group):
            yield from days_in(part.fields, content, f"{part.key}.")
        else:
            for index, record in enumerate(content):
                if isinstance(part, Checklist) and len(record) <= len(BARE_ENTRY):
                    continue
                fields = part.fields if isinstance(part, Results) else record_fields(part, record)
                yield from days_in(fields, record, f"{part.key}[{index}].")


def days_in(fields: Mapping[str, Field], content: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Field, Days]]:
    for name, field in fields.items():
        if name in content and field.type in DAY_TYPES and not is_unknown(content[name]):
            yield f"{prefix}{name}", field, parse_date(content[name])
