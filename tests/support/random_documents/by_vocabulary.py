"""Random visit documents of any vocabulary, and the same with less known.

`tests.support.random_documents` knows one trial. Dates lie around the visit, numbers within what is
plausible, and every fact may be unknown.
"""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from criteria.vocabulary.parts import Analyte, AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary
from criteria.vocabulary.validate import REVIEWED

Document = dict[str, Any]
VISIT = date(2026, 3, 9)
LONGEST_WAY = 800  # days to either side of the visit
NEAR = (0, 1, 6, 7, 8, 14, 28, 29, 30, 31, 59, 60, 61, 89, 90, 91, 365)


def random_visit(vocabulary: Vocabulary, rng: random.Random, known: float = 0.85) -> Document:
    """Return a document in which each fact is known with a probability; it may still have a fault of its days."""
    document = {part.key: value for part in vocabulary.parts.values() if (value := part_value(part, rng, known))}
    document["visit"] = {**document.get("visit", {}), "date": VISIT.isoformat()}
    return document | {REVIEWED: [name for name in vocabulary.reviewable if rng.random() < known]}


def part_value(part: AnyPart, rng: random.Random, known: float) -> Any:
    match part:
        case Group():
            return answers(part.fields, rng, known)
        case Single():
            return answer(part.field, rng) if rng.random() < known else None
        case Records():
            return [answers(part.fields, rng, known) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
        case Results():
            return [result(code, each, rng) for code, each in part.analytes.items() if rng.random() < known]
        case Checklist():
            return [*entries(part, rng, known)]


def answers(fields: Mapping[str, Field], rng: random.Random, known: float) -> Document:
    return {name: answer(field, rng) for name, field in fields.items() if rng.random() < known}


def answer(field: Field, rng: random.Random) -> Any:
    match field.type:
        case "yn" | "code":
            return rng.choice([*field.choices])
        case "codes":
            return rng.sample([*field.choices], rng.randint(1, min(2, len(field.choices))))
        case "number" | "integer":
            low, high = field.plausible or (field.minimum, field.maximum or field.minimum + 20)
            return rng.randint(int(low), int(high))
        case "date" | "day":
            return day(rng)[: 10 if field.type == "day" else rng.choice((4, 7, 10, 10, 10))]
        case _:
            return "12:30" if field.pattern else "made up"


def day(rng: random.Random) -> str:
    """Return a day that has come, or now and then one that is planned; years back where it may be one of birth."""
    back = rng.choice((*NEAR, rng.randint(0, LONGEST_WAY), rng.randint(0, LONGEST_WAY), 365 * rng.randint(17, 90)))
    return (VISIT + timedelta(-back if rng.random() < 0.85 else min(back, LONGEST_WAY))).isoformat()


def result(code: str, analyte: Analyte, rng: random.Random) -> Document:
    unit = rng.choice([unit for unit in analyte.unit_names if unit in analyte.plausible] or [*analyte.unit_names])
    low, high = analyte.plausible.get(unit, (0, 100))
    found: Document = {"analyte": code, "unit": unit, "value": rng.randint(int(low), int(high))}
    found["collected"] = (VISIT - timedelta(rng.choice(NEAR))).isoformat()
    if analyte.uln and rng.random() < 0.8:
        found["uln"] = rng.randint(10, 60)
    return found


def entries(part: Checklist, rng: random.Random, known: float) -> Iterator[Document]:
    for code, condition in part.conditions.items():
        if rng.random() < known:
            status = rng.choice(("absent", "absent", "past", "current", "unknown"))
            more = {} if status == "absent" else answers(condition.details, rng, known)
            dated = {"date": day(rng)} if status == "past" and rng.random() < known else {}
            yield {"condition": code, "status": status, **dated, **more}


def less_known(document: Document, vocabulary: Vocabulary, rng: random.Random, lost: float = 0.25) -> Document:
    """Return the document without some facts, results, conditions and reviews: filling them in gives it back."""
    found = deepcopy(document)
    for key, part in vocabulary.parts.items():
        value = found.get(key)
        match part:
            case Group() if value:
                lose_answers(value, part.fields, rng, lost)
            case Records():
                for record in value or ():
                    lose_answers(record, part.fields, rng, lost)
            case Results() | Checklist() if value:
                found[key] = [each for each in value if rng.random() >= lost]
            case Single() if rng.random() < lost:
                found.pop(key, None)
    found[REVIEWED] = [name for name in found.get(REVIEWED, ()) if rng.random() >= lost]
    return found


def lose_answers(answered: Document, fields: Mapping[str, Field], rng: random.Random, lost: float) -> None:
    for name in [*answered]:
        if name in fields and not fields[name].required and rng.random() < lost:
            del answered[name]
