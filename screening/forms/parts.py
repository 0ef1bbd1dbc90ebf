"""The form of one part that is an object or a single value, and what the forms of all parts have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import QueryDict

from criteria.vocabulary import AnyPart, Group, Single
from screening.forms.entries import EntryForm, Spot
from screening.forms.questions import sentence

Document = Mapping[str, Any]


class PartForm(ABC):
    """`value` is the part's JSON value, None where nothing was filled in; `spots` finds the input of a path."""

    template_name: ClassVar[str]
    part: AnyPart

    @abstractmethod
    def value(self) -> Any: ...

    @abstractmethod
    def spots(self) -> dict[str, Spot]: ...

    def reviewed(self) -> bool:
        return False


class GroupForm(PartForm):
    template_name = "forms/group.html"

    def __init__(self, part: Group, document: Document, data: QueryDict | None = None) -> None:
        self.part = part
        self.stored = document.get(part.key)
        stored = self.stored if isinstance(self.stored, Mapping) else {}
        self.form = EntryForm(part.fields, stored, title=part.title, prefix=part.key, data=data)

    def value(self) -> dict[str, Any] | None:
        return self.form.answers or ({} if self.stored == {} else None)

    def spots(self) -> dict[str, Spot]:
        return {f"{self.part.key}.{name}": Spot(self.form, name) for name in self.form.asked}


class SingleForm(PartForm):
    template_name = "forms/group.html"

    def __init__(self, part: Single, document: Document, data: QueryDict | None = None) -> None:
        self.part = part
        asked = {"value": part.field}
        stored = {"value": document[part.key]} if part.key in document else {}
        self.form = EntryForm(asked, stored, title=sentence(part.title), prefix=part.key, data=data)

    def value(self) -> Any:
        return self.form.answers.get("value")

    def spots(self) -> dict[str, Spot]:
        return {self.part.key: Spot(self.form, "value")}
