"""The form of one part that is an object or a single value, and the base class of the forms of all parts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import QueryDict

from criteria.vocabulary import AnyPart, Group, Single
from screening.crf.entry import EntryForm, Spot
from screening.visits.labels import sentence_case

FormDocument = Mapping[str, Any]


def review_name(key: str) -> str:
    return f"{key}-reviewed"


def is_ticked(key: str, document: FormDocument, data: QueryDict | None) -> bool:
    """Return whether a list is confirmed complete: as it was saved or, once the form is sent, by its checkbox."""
    return key in (document.get("reviewed") or []) if data is None else review_name(key) in data


class PartForm(ABC):
    """The form of one part; `value` is its JSON value, None where nothing was filled in.

    `spots` finds the input of a path. What was `carried` over from an earlier attempt is shown, but is no answer
    until it is `confirmed`; `carried_from` are the numbers of the visits that gave it. `when` says to
    static/js/follow_ups.js under which answers of the page the part is asked.
    """

    template_name: ClassVar[str]
    part: AnyPart
    stored: Any
    when = ""
    carried = False
    carried_from: Sequence[int] = ()
    confirmed = False

    @abstractmethod
    def value(self) -> Any: ...

    @abstractmethod
    def spots(self) -> dict[str, Spot]: ...

    def is_reviewed(self) -> bool:
        return False

    @property
    @abstractmethod
    def forms(self) -> Sequence[EntryForm]:
        """One form, or one for each row."""

    @property
    def review_name(self) -> str:
        """The name of the checkbox that confirms that a list is complete."""
        return review_name(self.part.key)

    @property
    def confirm_name(self) -> str:
        return f"confirm-{self.part.key}"

    @property
    def waits(self) -> bool:
        return self.carried and not self.confirmed

    def counted_value(self) -> Any:
        """Return the JSON value without what waits to be confirmed."""
        return None if self.waits else self.value()

    @property
    def waiting_title(self) -> str:
        return self.part.title

    @property
    def is_changed(self) -> bool:
        return self.value() != self.stored or self.is_reviewed()


class GroupForm(PartForm):
    template_name = "crf/group.html"

    def __init__(self, part: Group, document: FormDocument, data: QueryDict | None = None) -> None:
        self.part = part
        self.stored = document.get(part.key)
        stored = self.stored if isinstance(self.stored, Mapping) else {}
        self.form = EntryForm(part.fields, stored, title=part.title, prefix=part.key, data=data)
        self.form.set_saved_paths(part.key)

    @property
    def forms(self) -> list[EntryForm]:
        return [self.form]

    def value(self) -> dict[str, Any] | None:
        return self.form.answers or ({} if self.stored == {} else None)

    def spots(self) -> dict[str, Spot]:
        return {f"{self.part.key}.{name}": Spot(self.form, name) for name in self.form.questions}


class SingleForm(PartForm):
    template_name = "crf/group.html"

    def __init__(self, part: Single, document: FormDocument, data: QueryDict | None = None) -> None:
        self.part = part
        self.stored = document.get(part.key)
        questions = {"value": part.field}
        stored = {"value": document[part.key]} if part.key in document else {}
        self.form = EntryForm(questions, stored, title=sentence_case(part.title), prefix=part.key, data=data)
        if stored:
            self.form.fields["value"].saved_at = part.key  # type: ignore[attr-defined]

    @property
    def forms(self) -> list[EntryForm]:
        return [self.form]

    def value(self) -> Any:
        return self.form.answers.get("value")

    def spots(self) -> dict[str, Spot]:
        return {self.part.key: Spot(self.form, "value")}
