"""The Django form field of one question.

It accepts any entered value: the vocabulary's validator checks it.
"""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _

from criteria.evaluation.served import Served
from criteria.vocabulary import Field
from criteria.vocabulary.edit_checks import EditCheck
from criteria.vocabulary.parts import OfferedTerms
from screening.crf.values import DATES, NONE_OF_THESE_CODE, NUMERIC
from screening.visits.labels import sentence_case, unit_name

Choices = list[tuple[str, str]]

MOST_RADIOS = 6
LONGEST_RADIOS = 100
CHECK_ATTRIBUTES = {"class": "form-check-input"}
SELECT_ATTRIBUTES = {"class": "form-select"}


class QuestionField(forms.Field):
    """A lenient field that knows the unit of its answer, and whether edit checks apply to its numbers.

    `saved_at` is the path of the saved answer, `edit_check` the check that the present value raises, `checks` are
    those between it and other answers. With `offers_drugs` the trial's drugs are offered while the text is typed, the
    `offered` terms likewise. What is `judged` is answered by itself. `when` says to static/js/follow_ups.js under which
    answers of the page it is asked, `served` are the criteria that read its answer.
    """

    saved_at = ""
    when = ""
    served: tuple[Served, ...] = ()
    offers_drugs = False
    offered: OfferedTerms | None = None
    judged = False
    edit_check: EditCheckAtInput | None = None
    checks: tuple[EditCheckAtInput, ...] = ()

    def __init__(self, unit: str = "", must: bool = False, doubtful: bool = False, **kwargs: object) -> None:
        super().__init__(required=False, **kwargs)  # type: ignore[arg-type]
        self.unit = unit
        self.must = must
        self.doubtful = doubtful


def question_field(field: Field) -> QuestionField:
    question = QuestionField(
        unit_name(field.unit),
        field.required,
        field.plausible is not None,
        label=sentence_case(field.label),
        help_text=help_text(field.help, by_judgement=field.judgement),
        widget=question_widget(field),
    )
    question.offered, question.judged = field.offered, field.judgement
    return question


def help_text(words: str, *, by_judgement: bool) -> str:
    """Return the help of a question; of one that is answered by judgement it says whose judgement that is."""
    whose = _("The investigator's judgement: record what the investigator said.") if by_judgement else ""
    return " ".join(filter(None, [words, whose]))


def question_widget(field: Field) -> forms.Widget:
    choices = question_choices(field)
    if field.type == "codes":
        return forms.CheckboxSelectMultiple(CHECK_ATTRIBUTES, choices + none_of_these_choice(field))
    if choices and fit_radios(choices):
        return forms.RadioSelect(CHECK_ATTRIBUTES, choices + not_known_choice(field))
    if choices:
        return forms.Select(SELECT_ATTRIBUTES, not_known_choice(field) + choices)
    return forms.TextInput(text_attributes(field))


def question_choices(field: Field) -> Choices:
    """Return the codes with their labels; a grade of few steps is selected, not typed."""
    if field.type == "integer" and field.maximum is not None and field.maximum - field.minimum < MOST_RADIOS:
        return [(str(step), str(step)) for step in range(field.minimum, field.maximum + 1)]
    return list(field.choices.items())


def fit_radios(choices: Choices) -> bool:
    return len(choices) <= MOST_RADIOS and sum(len(label) for _code, label in choices) <= LONGEST_RADIOS


def not_known_choice(field: Field) -> Choices:
    """Return the choice that stands for no answer.

    A select needs it even where an answer is required.
    """
    return [] if field.required and fit_radios(question_choices(field)) else [("", _("not known"))]


def none_of_these_choice(field: Field) -> Choices:
    return [(NONE_OF_THESE_CODE, _("none of these"))] if field.empty_means_none else []


def text_attributes(field: Field) -> dict[str, str]:
    attributes = {"autocomplete": "off", "class": "form-control"}
    if field.type in DATES:
        shape = "YYYY-MM-DD" if field.type == "day" else "YYYY[-MM[-DD]]"
        attributes |= {"placeholder": shape, "class": "form-control typed-date", "data-date": ""}
    if field.pattern:
        attributes |= {"inputmode": "numeric", "placeholder": field.pattern, "class": "form-control typed-date"}
    if field.offered:
        attributes |= {"list": f"terms-{field.name}", "data-terms": field.offered.sets}
    if field.type in NUMERIC:
        # A telephone's keys for decimals have no minus.
        attributes |= {"inputmode": "text" if field.minimum < 0 else "decimal", "class": "form-control typed-number"}
    return attributes


CONFIRM_NAME = "confirm"


class EditCheckAtInput(NamedTuple):
    """An edit check beside an input that it concerns, and whether it is confirmed in the form."""

    edit_check: EditCheck
    confirmed: bool
