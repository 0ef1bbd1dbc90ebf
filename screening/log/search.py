"""Search for subjects by what people call them: screening number, enrolment number, or the site's own reference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from criteria.versions.numbers import NumberForm, known_forms
from screening.models import SubjectStatus, standing_references
from screening.visits.reference import plain_text

SEPARATORS, DIGITS = r"[\s_.\-\u2010-\u2015]*", r"0*([1-9]\d{0,8})"
PLAIN_NUMBER = re.compile(SEPARATORS + DIGITS)
ENROLMENT_NUMBER = re.compile("e" + SEPARATORS + DIGITS, re.IGNORECASE)
WRITTEN_NUMBER = re.compile(r"(.*\D)(\d+)")


class SearchedNumbers(NamedTuple):
    """The numbers that a text may mean: screening numbers, one of each prefix, and an enrolment number.

    One is empty where the text says that it is the other.
    """

    screening: tuple[str, ...]
    enrolment: str

    @property
    def every(self) -> set[str]:
        return {*self.screening, self.enrolment} - {""}


def searched_numbers(text: str, forms: Iterable[NumberForm] = (NumberForm(),)) -> SearchedNumbers | None:
    """Return the numbers that are meant by `S-15`, `s15`, `S-0015`, `EC2-15`, `E-001` or `15`; None for another text.

    `forms` are those of the screening numbers that there are.
    """
    plain = plain_text(text)
    if found := PLAIN_NUMBER.fullmatch(plain):
        return SearchedNumbers(tuple(form.text(int(found[1])) for form in forms), f"E-{int(found[1]):03}")
    if found := ENROLMENT_NUMBER.fullmatch(plain):
        return SearchedNumbers((), f"E-{int(found[1]):03}")
    meant = tuple(form.text(int(found[1])) for form in forms if (found := number_pattern(form).fullmatch(plain)))
    return SearchedNumbers(meant, "") if meant else None


def number_pattern(form: NumberForm) -> re.Pattern[str]:
    """Return the pattern of a number with a prefix, whatever separates it, or nothing where it ends in a letter."""
    parts = [re.escape(part) for part in re.split(r"[._-]", form.prefix) if part]
    between = SEPARATORS if form.prefix[-2].isalpha() else SEPARATORS[:-1] + "+"
    return re.compile(SEPARATORS.join(parts) + between + DIGITS, re.IGNORECASE)


def search_condition(text: str) -> Q:
    """Return the condition of the rows that a text means: those of a number alone, or whatever contains the text.

    A reference may look like a number too: it is found by the whole of it, or by a part of it where the text is no
    screening number with its prefix, and no `E` number.
    """
    plain = plain_text(text)
    if "\0" in plain:  # which PostgreSQL will not even look for
        return Q(pk__in=())
    numbers = searched_numbers(plain, known_forms())
    lookup = "iexact" if numbers and not (numbers.screening and numbers.enrolment) else "icontains"
    referred = Q(subject__in=standing_references().filter(**{f"reference__{lookup}": plain}).values("subject"))
    if numbers is None:
        return Q(screening_number__icontains=plain) | Q(enrolment_number__icontains=plain) | referred
    named = Q(screening_number__in=numbers.screening) if numbers.screening else Q(pk__in=())
    return named | (Q(enrolment_number=numbers.enrolment) if numbers.enrolment else Q(pk__in=())) | referred


def only_subject(rows: Iterable[SubjectStatus], text: str) -> SubjectStatus | None:
    """Return the last row of the one subject that was meant; None where the rows are of several.

    A number typed is the subject with that number, whoever else has a reference that contains it.
    """
    rows = list(rows)
    written = [found for row in rows if (found := WRITTEN_NUMBER.fullmatch(row.screening_number))]
    if numbers := searched_numbers(text, {NumberForm(found[1], len(found[2])) for found in written}):
        rows = [row for row in rows if {row.screening_number, row.enrolment_number} & numbers.every] or rows
    return rows[-1] if len({row.subject_id for row in rows}) == 1 else None
