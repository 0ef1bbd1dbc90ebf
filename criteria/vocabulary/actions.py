"""Actions of facts: what the vocabulary declares can be done about a fact that fails a criterion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from criteria.rules.facts import answer_of
from criteria.vocabulary.parts import Action, Checklist, Field, Group, Records, Results, Single, Vocabulary


class FactAction(NamedTuple):
    """The action of a fact; None where nothing is declared.

    `path` and `label` are those of the fact or, where it takes the action from its list, its test or its condition,
    of these. `of_record`: the fact is a field of a record, and named together with it.
    """

    path: str
    label: str
    action: Action | None
    of_record: bool = False


def fact_action(vocabulary: Vocabulary, name: str) -> FactAction:
    """Return the action of a fact by the name that rules give it (`labs.anc.uln`, `history.infection.severe`).

    Where nothing is declared, a laboratory result can be repeated. Of any other answer nothing says that it was
    measured, so nothing is to be done about it.
    """
    found = declared_action(vocabulary, name)
    if found.action is not None:
        return found
    is_result = isinstance(vocabulary.parts[name.split(".")[0]], Results)
    return found._replace(action="repeat" if is_result else "none")


def declared_action(vocabulary: Vocabulary, name: str) -> FactAction:
    """Return the action that a fact declares or, where it declares none, its condition or its part."""
    key, *steps = answer_of(name).split(".")
    part = vocabulary.parts[key]
    match part:
        case Single():
            return FactAction(key, part.field.label, part.field.action or part.action)
        case Group():
            field = part.fields[steps[0]]
            return FactAction(f"{key}.{steps[0]}", field.label, field.action or part.action)
        case Results():
            analyte = part.analytes[steps[0]]
            return FactAction(f"{key}.{steps[0]}", analyte.label, analyte.action or part.action)
        case Records():
            own = part.fields[steps[0]] if steps else None
            if own is not None and own.action is not None:
                return FactAction(name, own.label, own.action, of_record=True)
            return FactAction(key, part.item, part.action)
        case Checklist():
            condition = part.conditions[steps[0]]
            detail = condition.details.get(steps[1]) if steps[1:] else None
            if detail is not None and detail.action is not None:
                return FactAction(name, detail.label, detail.action, of_record=True)
            return FactAction(f"{key}.{steps[0]}", condition.label, condition.action or part.action)


def field_of(vocabulary: Vocabulary, name: str) -> Field | None:
    """Return the field of a fact, or of a record of a list (`therapies.ongoing`, `history.infection.severe`).

    None for a laboratory result, whose fields are not declared, and for a list itself.
    """
    key, *steps = name.split(".")
    match vocabulary.parts[key]:
        case Single() as single:
            return single.field
        case Group() | Records() as part if steps:
            return part.fields.get(steps[0])
        case Checklist() as checklist if steps[1:]:
            return checklist.conditions[steps[0]].details.get(steps[1])
    return None


def actionable_names(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the name of everything that can be repeated: fields, tests, lists, conditions and their details."""
    for key, part in vocabulary.parts.items():
        match part:
            case Single():
                yield key
            case Group():
                yield from (f"{key}.{name}" for name in part.fields)
            case Results():
                yield from (f"{key}.{name}" for name in part.analytes)
            case Records():
                yield key
                yield from (f"{key}.{name}" for name in part.fields)
            case Checklist():
                for code, condition in part.conditions.items():
                    yield f"{key}.{code}"
                    yield from (f"{key}.{code}.{name}" for name in condition.details)
