"""The Django form field of one question. It takes whatever is typed: the vocabulary's validator judges it."""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _

from criteria.vocabulary import Field
from criteria.vocabulary.edit_checks import Doubt
from screening.crf.values import NONE_OF_THESE, NUMERIC
from screening.visits.labels import sentence, unit_name

Choices = list[tuple[str, str]]

MOST_RADIOS = 6
LONGEST_RADIOS = 48
DATES = ("day", "date")
TICK = {"class": "form-check-input"}
LIST = {"class": "form-select"}


class Question(forms.Field):
    """A lenient field that knows the unit in which it is answered, and whether numbers may be asked back.

    `saved_at` is the path of the answer that was saved, `doubt` what makes that which stands there implausible.
    """

    saved_at = ""
    doubt: AskedBack | None = None

    def __init__(self, unit: str = "", must: bool = False, doubtful: bool = False, **kwargs: object) -> None:
        super().__init__(required=False, **kwargs)  # type: ignore[arg-type]
        self.unit = unit
        self.must = must
        self.doubtful = doubtful


def question(field: Field) -> Question:
    return Question(
        unit_name(field.unit),
        field.required,
        field.plausible is not None,
        label=sentence(field.label),
        help_text=field.help,
        widget=widget(field),
    )


def widget(field: Field) -> forms.Widget:
    choices = options(field)
    if field.type == "codes":
        return forms.CheckboxSelectMultiple(TICK, choices + none_of_these(field))
    if choices and short(choices):
        return forms.RadioSelect(TICK, choices + not_known(field))
    if choices:
        return forms.Select(LIST, not_known(field) + choices)
    return forms.TextInput(text_attributes(field))


def options(field: Field) -> Choices:
    """The codes with their labels; a grade of few steps is chosen, not typed."""
    if field.type == "integer" and field.maximum is not None and field.maximum - field.minimum < MOST_RADIOS:
        return [(str(step), str(step)) for step in range(field.minimum, field.maximum + 1)]
    return list(field.choices.items())


def short(choices: Choices) -> bool:
    return len(choices) <= MOST_RADIOS and sum(len(label) for _code, label in choices) <= LONGEST_RADIOS


def not_known(field: Field) -> Choices:
    """What stands for no answer; a list to choose from needs it even where an answer is required."""
    return [] if field.required and short(options(field)) else [("", _("not known"))]


def none_of_these(field: Field) -> Choices:
    return [(NONE_OF_THESE, _("none of these"))] if field.empty_means_none else []


def text_attributes(field: Field) -> dict[str, str]:
    attributes = {"autocomplete": "off", "class": "form-control"}
    if field.type in DATES:
        shape = "YYYY-MM-DD" if field.type == "day" else "YYYY[-MM[-DD]]"
        attributes |= {"inputmode": "numeric", "placeholder": shape, "class": "form-control typed-date"}
    if field.type in NUMERIC:
        attributes |= {"inputmode": "decimal", "class": "form-control typed-number"}
    return attributes


CONFIRM = "confirm"


class AskedBack(NamedTuple):
    doubt: Doubt
    confirmed: bool
