"""Label, form position and value text of a path in the visit document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.text import COMPARATORS, amount_text
from criteria.rules.units import unit_text
from criteria.vocabulary import AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.validate import REVIEWED, entry_fields
from criteria.vocabulary.values import is_unknown

STEP = re.compile(r"[^.\[\]]+")
INDEX_STEP = re.compile(r"[0-9]{1,6}")
PATH = re.compile(r"[a-z][a-z0-9_]{0,99}(\[[0-9]{1,4}\])?(\.[a-z][a-z0-9_]{0,99})?")  # as people can name one
CODE_KEYS = {"results": "analyte", "checklist": "condition"}


class FormPlace(NamedTuple):
    """The label of a path and its position in the forms; `section` is empty where no form asks for the path."""

    label: str
    section: str = ""
    anchor: str = ""
    field: Field | None = None


def form_place(vocabulary: Vocabulary, path: str, document: Mapping[str, Any] | None = None) -> FormPlace:
    """Return the label and form position of a path.

    `document` determines which analyte or condition the record of an indexed path is about.
    """
    key, *steps = STEP.findall(path) or [""]
    if key == REVIEWED and not steps:
        return FormPlace(_("Lists confirmed complete"), field=reviewed_field(vocabulary))
    is_list = key == REVIEWED
    if is_list:
        key, steps = steps[0], []
    part = vocabulary.parts.get(key)
    if part is None:
        return FormPlace(path)
    label, anchor, field = part_label(part, steps, document or {})
    if is_list:
        label = _("%(list)s: is the list complete?") % {"list": label}
    return FormPlace(label, section_of(vocabulary, key), "-".join(["at", key, *anchor]), field)


def is_asked(vocabulary: Vocabulary, path: str, document: Mapping[str, Any]) -> bool:
    """Return whether a form asks for the path, a field or a whole part.

    An entry of a list need not exist any more.
    """
    if not PATH.fullmatch(path):
        return False
    key, *steps = STEP.findall(path)
    if key == REVIEWED:
        return len(steps) == 1 and steps[0] in vocabulary.reviewable
    part = vocabulary.parts.get(key)
    if part is None or not section_of(vocabulary, key):
        return False
    if not steps:
        return True
    if isinstance(part, Single | Group):
        return isinstance(part, Group) and len(steps) == 1 and steps[0] in part.fields
    is_entry = index_of(steps[0]) is not None or (not isinstance(part, Records) and steps[0] in code_labels(part))
    return is_entry and (len(steps) == 1 or part_label(part, steps, document)[2] is not None)


def reviewed_field(vocabulary: Vocabulary) -> Field | None:
    titles = {key: vocabulary.parts[key].title for key in vocabulary.reviewable}
    return Field(label=REVIEWED, type="codes", options=titles) if titles else None


def section_of(vocabulary: Vocabulary, key: str) -> str:
    return next(section.code for section in vocabulary.sections if key in section.keys)


def part_label(part: AnyPart, steps: list[str], document: Mapping[str, Any]) -> tuple[str, list[str], Field | None]:
    """Return the label, the steps of the anchor and the field of a path within a part."""
    if isinstance(part, Single):
        return sentence_case(part.field.label), [], part.field
    if not steps:
        return part.title, [], None
    if isinstance(part, Group):
        field = part.fields.get(steps[0])
        return join_label(part.title, field, steps[0]), steps[:1], field
    return entry_label(part, steps, document)


def entry_label(
    part: Records | Results | Checklist, steps: list[str], document: Mapping[str, Any]
) -> tuple[str, list[str], Field | None]:
    first, rest = steps[0], [step for step in steps[1:] if index_of(step) is None]
    index = index_of(first)
    record = record_at(document.get(part.key), first)
    code = str(record.get(CODE_KEYS.get(part.kind, ""), "" if index is not None else first))
    name = rest[0] if rest else ""
    field = part_fields(part, code).get(name)
    if isinstance(part, Records):
        title = f"{sentence_case(part.item)} {index + 1}" if index is not None else part.title
        return join_label(title, field, name), [first, name] if rest and index is not None else [], field
    title = sentence_case(code_labels(part).get(code, part.title))
    return join_label(title, field, name), [code] if code else [], field


def record_at(records: Any, step: str) -> Mapping[str, Any]:
    index = index_of(step)
    return records[index] if isinstance(records, list) and index is not None and index < len(records) else {}


def index_of(step: str) -> int | None:
    """Return the list index that a step of a path denotes, None where it denotes none."""
    return int(step) if INDEX_STEP.fullmatch(step) else None


def part_fields(part: Records | Results | Checklist, code: str) -> Mapping[str, Field]:
    return entry_fields(part, {"condition": code}) if isinstance(part, Checklist) else part.fields


def code_labels(part: Results | Checklist) -> Mapping[str, str]:
    if isinstance(part, Results):
        return part.labels
    return {code: condition.label for code, condition in part.conditions.items()}


def join_label(title: str, field: Field | None, name: str) -> str:
    return f"{title}: {field.label if field else name}" if name else title


def missing_answer_text(
    vocabulary: Vocabulary, path: str, place: FormPlace, document: Mapping[str, Any], label: str = ""
) -> str:
    """Return what to do about a path that is not answered: `Enter: pregnant?`; `label` names it otherwise.

    What is a question already stays as it is. What was recorded, but not exactly enough, is told.
    """
    part = vocabulary.parts.get(STEP.findall(path)[0])
    question = question_text(vocabulary, path, place._replace(label=label or own_label(part, place)))
    if path.startswith(f"{REVIEWED}."):
        return question
    words = {"question": question if question[1:2].isupper() else question[:1].lower() + question[1:]}
    if recorded := recorded_result(part, path, document):
        return _("Repeat %(question)s: exact value needed (recorded %(recorded)s)") % {**words, "recorded": recorded}
    if recorded := recorded_date(part, path, place, document):
        return _("Complete %(question)s (recorded %(recorded)s)") % {**words, "recorded": recorded}
    return _("Enter: %(question)s") % words


def own_label(part: AnyPart | None, place: FormPlace) -> str:
    """Return the label of a place by itself: of a field of a group, without the title of the group."""
    return place.field.label if isinstance(part, Group) and place.field else place.label


def recorded_result(part: AnyPart | None, path: str, document: Mapping[str, Any]) -> str:
    """Return the result of a test that is known only to lie above or below a value; blank for any other."""
    _key, *steps = STEP.findall(path)
    results = document.get(part.key) if isinstance(part, Results) and len(steps) == 1 else None
    if not isinstance(results, list):
        return ""
    counted = [results[at] for test, at in counting_indexes(results).items() if test == steps[0]]
    return "".join(
        f"{COMPARATORS[each['comparator']]}{amount_text(each['value'], each['unit'])}"
        for each in counted
        if each.get("comparator") in COMPARATORS
    )


def recorded_date(part: AnyPart | None, path: str, place: FormPlace, document: Mapping[str, Any]) -> str:
    """Return a date that is known in part; blank where none is."""
    if part is None or place.field is None or place.field.type not in ("date", "day"):
        return ""
    _key, *steps = STEP.findall(path)
    content = document.get(part.key)
    if isinstance(part, Checklist) and isinstance(content, list):
        content, steps = [each for each in content if each.get("condition") == steps[0]], steps[1:]
        steps = steps if index_of(steps[0]) is not None else ["0", *steps]
    if isinstance(content, list):
        content, steps = record_at(content, steps[0]), steps[1:]
    value = content.get(steps[0]) if isinstance(content, dict) and steps else content
    return value if isinstance(value, str) and not is_unknown(value) else ""


def question_text(vocabulary: Vocabulary, path: str, place: FormPlace) -> str:
    """Return the label of a path that is not answered; with a question mark where it would read as an answer."""
    return _("%(label)s?") % {"label": place.label} if is_yes_or_no(vocabulary, path, place) else place.label


def is_yes_or_no(vocabulary: Vocabulary, path: str, place: FormPlace) -> bool:
    """Return whether a path asks whether something is so: a question of yes or no, or a condition of the history."""
    if place.field is not None:
        return place.field.type == "yn"
    key, *steps = STEP.findall(path)
    return isinstance(vocabulary.parts.get(key), Checklist) and len(steps) == 1


def answer_text(field: Field | None, value: Any) -> str:
    """Return the display text of a stored value."""
    if value is None or (value == "unknown" and not (field and "unknown" in field.choices)):
        return _("not known")
    if value == {}:
        return _("empty")
    if isinstance(value, list):
        return ", ".join(answer_text(field, item) for item in value) or _("none")
    choices = field.choices if field else {}
    unit = unit_name(field.unit) if field and field.unit else ""
    return f"{choices.get(str(value), str(value))} {unit}".strip()


PERIODS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def unit_name(code: str) -> str:
    return PERIODS.get(code) or unit_text(code)


def sentence_case(label: str) -> str:
    """Return the label with an initial capital.

    Abbreviations such as `pH` or `HBsAg` keep their own capitals.
    """
    first = label.split(" ", 1)[0]
    return label if first != first.lower() else label[:1].upper() + label[1:]
