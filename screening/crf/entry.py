"""A form over some fields of the vocabulary: an object of the visit document, or one record of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field as Shown, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Field
from criteria.vocabulary.values import is_unknown
from screening.crf.question import question_field
from screening.crf.typed import IsPlausible, is_interpreted, read_pair
from screening.crf.values import answer_values, entered_text, entered_value, input_value, is_unchanged

QUESTION = "crf/question.html"


@dataclass(frozen=True)
class Echo:
    """What was `typed` into the input `name`, and the texts that inputs show in its place, by their names.

    `told` says what was read, where that is more than was typed.
    """

    name: str
    typed: str
    shown: Mapping[str, str]
    told: str = ""


class EntryForm(forms.Form):
    """A form that asks the fields `questions` and shows what is `stored`.

    Once it is bound, its `answers` are the JSON values of what was filled in, and its inputs show what was read:
    `data`, which must be mutable, then holds dates and numbers as a document does.
    """

    def __init__(
        self,
        questions: Mapping[str, Field],
        stored: Mapping[str, Any],
        *,
        title: str,
        prefix: str,
        data: QueryDict | None,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.questions = questions
        self.stored = stored
        self.title = title
        self.fields.update({name: question_field(field) for name, field in questions.items()})
        self.initial = {name: self.saved_text(name) for name in questions}
        self.echoes: list[Echo] = []
        if data is not None:
            self.read_entries()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(*(Shown(name, template=QUESTION) for name in questions))

    def saved_text(self, name: str) -> Any:
        """Return what an input shows for the saved answer: a text, or a list of codes."""
        return input_value(self.questions[name], self.stored.get(name))

    def set_saved_paths(self, path: str) -> None:
        """Set on each question the path under which its answer was saved, where there is one."""
        for name in self.questions:
            if not is_unknown(self.stored.get(name)):
                self.fields[name].saved_at = f"{path}.{name}"  # type: ignore[attr-defined]

    @property
    def is_touched(self) -> bool:
        """True if an input differs from what it showed at first."""
        return any(map(self.differs, self.questions))

    def differs(self, name: str) -> bool:
        return self.is_bound and not is_unchanged(self.initial[name], self[name].data)

    def read_entries(self) -> None:
        """Put the date or number that was read in place of what was typed."""
        for name, field in self.questions.items():
            typed = self.data.get(self.add_prefix(name))
            if not typed or is_unchanged(self.initial[name], typed):
                continue
            pair, other = read_pair(typed, field.unit), self.following(name)
            if pair and other and not self.data.get(self.add_prefix(other)):
                self.show_instead(name, dict(zip((name, other), pair, strict=True)))
            else:
                text = entered_text(field, typed, self.plausible(name), self.not_before(field))
                self.show_instead(name, {name: text})

    def not_before(self, field: Field) -> str:
        """Return the day in this form before which a day cannot lie; empty where there is none."""
        name = field.not_before.rpartition(".")[2]
        is_here = field.not_before in (f".{name}", f"{self.prefix}.{name}") and name in self.questions
        return str(self.data.get(self.add_prefix(name)) or "") if is_here else ""

    def following(self, name: str) -> str:
        """Return the name of the next question, if it is in the same unit; else empty."""
        names = [*self.questions]
        after = "".join(names[names.index(name) + 1 :][:1])
        return after if after and self.questions[after].unit == self.questions[name].unit else ""

    def show_instead(self, name: str, texts: Mapping[str, str]) -> None:
        """Show these texts, by input, in place of what was typed into the input `name`."""
        typed = self.data[self.add_prefix(name)]
        shown = {self.add_prefix(each): text for each, text in texts.items()}
        if shown == {key: self.data.get(key) for key in shown}:
            return
        for key, text in shown.items():  # `update` would keep what was typed beside it
            self.data[key] = text  # type: ignore[index]
        told = ""
        if is_interpreted(typed, texts[name]):
            words = {"field": self.fields[name].label, "typed": typed, "read": texts[name]}
            told = _("%(field)s: “%(typed)s” was read as %(read)s") % words
        self.echoes.append(Echo(self.add_prefix(name), typed, shown, told))

    def plausible(self, name: str) -> IsPlausible | None:
        """Return which numbers are plausible for an input, None where the field's own range says it."""
        return None

    @cached_property
    def answers(self) -> dict[str, Any]:
        self.full_clean()
        return answer_values(self.questions, self.cleaned_data, self.stored, self.read)

    def read(self, name: str, given: Any) -> Any:
        return entered_value(self.questions[name], given, self.plausible(name))


@dataclass(frozen=True)  # as a NamedTuple it sends mypy's Django plugin round in circles
class Spot:
    """The input on the page that asks for a path of the document."""

    form: EntryForm
    name: str

    @property
    def label(self) -> str:
        return f"{self.form.title}: {self.form.fields[self.name].label}"

    @property
    def anchor(self) -> str:
        return f"at-{self.form.add_prefix(self.name)}"
