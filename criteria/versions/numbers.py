"""Screening numbers: the prefix that a version declares, or the one that a trial without any has."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from criteria.definition.reader import BadDefinition
from criteria.models import ProtocolVersion, Trial
from criteria.vocabulary.faults import Fault

FIRST_PREFIX = "S-"  # of the trial that was loaded first, as every number was before a version could declare it
WIDTH = 4
LONGEST_PREFIX = 12


class NumberForm(NamedTuple):
    """How screening numbers are written: the prefix, which ends with a separator, then at least `width` digits."""

    prefix: str = FIRST_PREFIX
    width: int = WIDTH

    def text(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.width}}"


def number_form(trial: Trial, on: date) -> NumberForm:
    """Return how the next number of a trial is written on a day, by the version in force then."""
    versions = ProtocolVersion.objects.filter(trial=trial, effective_from__lte=on).order_by("-effective_from", "-pk")
    declared = versions.values_list("numbers", flat=True).first()
    return NumberForm(**declared) if declared else fallback_form(trial)


def fallback_form(trial: Trial) -> NumberForm:
    """Return the form of a trial that declares none: S- for the one loaded first, its code for another."""
    if not Trial.objects.filter(pk__lt=trial.pk).exists():
        return NumberForm()
    return NumberForm(own_prefix(trial.pk, trial.code))


def own_prefix(key: int, code: str) -> str:
    return f"{code}-" if len(code) < LONGEST_PREFIX else f"T{key}-"


def known_forms() -> list[NumberForm]:
    """Return every form in which a number of the installation may be written, in one query."""
    rows = ProtocolVersion.objects.order_by().values_list("trial", "trial__code", "numbers")
    found = {NumberForm()}
    for key, code, numbers in rows:
        found.add(NumberForm(**numbers) if numbers else NumberForm(own_prefix(key, code)))
    return sorted(found)


def refuse_taken_prefix(version: ProtocolVersion) -> None:
    """Refuse a prefix under which another trial gives numbers, as it is declared or without any; BadDefinition."""
    if not version.numbers:
        return
    prefix = str(version.numbers["prefix"])
    others = Trial.objects.exclude(pk=version.trial_id)
    taken = {fallback_form(trial).prefix: trial.code for trial in others}
    rows = ProtocolVersion.objects.filter(~Q(trial=version.trial_id), numbers__isnull=False)
    taken |= {str(numbers["prefix"]): code for numbers, code in rows.values_list("numbers", "trial__code") if numbers}
    if prefix.upper() in {each.upper() for each in taken}:
        code = next(code for each, code in taken.items() if each.upper() == prefix.upper())
        message = _("“%(prefix)s” is the prefix of %(trial)s: a screening number is given once in an installation")
        raise BadDefinition([Fault("numbers.prefix", message % {"prefix": prefix, "trial": code})])
