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

from criteria.vocabulary import Field
from criteria.vocabulary.values import is_unknown
from screening.crf.question import question_field
from screening.crf.values import answer_values, input_value, is_unchanged

QUESTION = "crf/question.html"


class EntryForm(forms.Form):
    """A form that asks the fields `asked` and shows what is `stored`.

    Once it is bound, its `answers` are the JSON values of what was filled in.
    """

    def __init__(
        self, asked: Mapping[str, Field], stored: Mapping[str, Any], *, title: str, prefix: str, data: QueryDict | None
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.asked = asked
        self.stored = stored
        self.title = title
        self.fields.update({name: question_field(field) for name, field in asked.items()})
        self.initial = {name: input_value(field, stored.get(name)) for name, field in asked.items()}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(*(Shown(name, template=QUESTION) for name in asked))

    def set_saved_paths(self, path: str) -> None:
        """Set on each question the path under which its answer was saved, where there is one."""
        for name in self.asked:
            if not is_unknown(self.stored.get(name)):
                self.fields[name].saved_at = f"{path}.{name}"  # type: ignore[attr-defined]

    @property
    def is_touched(self) -> bool:
        """True if an input differs from what it showed at first."""
        return any(map(self.differs, self.asked))

    def differs(self, name: str) -> bool:
        return self.is_bound and not is_unchanged(self.initial[name], self[name].data)

    @cached_property
    def answers(self) -> dict[str, Any]:
        self.full_clean()
        return answer_values(self.asked, self.cleaned_data, self.stored)


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
