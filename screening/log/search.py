"""Search for subjects by what people call them: screening number, enrolment number, or the site's own reference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from screening.models import SubjectStatus, standing_references
from screening.visits.reference import plain_text

NUMBER = re.compile(r"([se]?)[\s_.\-\u2010-\u2015]*0*([1-9]\d{0,8})", re.IGNORECASE)


class SearchedNumbers(NamedTuple):
    """The numbers that a text may mean; one is empty where the text says that it is the other."""

    screening: str
    enrolment: str


def searched_numbers(text: str) -> SearchedNumbers | None:
    """Return the numbers that are meant by `S-15`, `s15`, `S-0015`, `E-001` or `15`; None for another text."""
    found = NUMBER.fullmatch(plain_text(text))
    if found is None:
        return None
    kind, number = found[1].lower(), int(found[2])
    return SearchedNumbers("" if kind == "e" else f"S-{number:04}", "" if kind == "s" else f"E-{number:03}")


def search_condition(text: str) -> Q:
    """Return the condition of the rows that a text means: those of a number alone, or whatever contains the text.

    A reference may look like a number too: it is found by the whole of it, or by a part of it where the text is no
    `S` or `E` number.
    """
    plain = plain_text(text)
    if "\0" in plain:  # which PostgreSQL will not even look for
        return Q(pk__in=())
    numbers = searched_numbers(plain)
    lookup = "iexact" if numbers and not (numbers.screening and numbers.enrolment) else "icontains"
    referred = Q(subject__in=standing_references().filter(**{f"reference__{lookup}": plain}).values("subject"))
    if numbers is None:
        return Q(screening_number__icontains=plain) | Q(enrolment_number__icontains=plain) | referred
    named = Q(screening_number=numbers.screening) if numbers.screening else Q(pk__in=())
    return named | (Q(enrolment_number=numbers.enrolment) if numbers.enrolment else Q(pk__in=())) | referred


def only_subject(rows: Iterable[SubjectStatus], text: str) -> SubjectStatus | None:
    """Return the last row of the one subject that was meant; None where the rows are of several.

    A number typed is the subject with that number, whoever else has a reference that contains it.
    """
    rows = list(rows)
    if numbers := searched_numbers(text):
        rows = [row for row in rows if {row.screening_number, row.enrolment_number} & (set(numbers) - {""})] or rows
    return rows[-1] if len({row.subject_id for row in rows}) == 1 else None
