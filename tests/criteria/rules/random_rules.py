"""Random rules over the small vocabulary, of every kind of node, and random facts for them."""

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from criteria.rules.facts import INDEX_KEY, Facts
from criteria.rules.ranges import Range, point
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.small import CREATININE, HAEMOGLOBIN, SCHEMA, fact, lab

Tree = Any
DATES = ["2025-12-31", "2026-01", "2026-01-31", "2026-02-28", "2026", "2026-03-02", "2026-03-16", "1944", "2008-03-16"]
NUMBERS = ["0", "1", "4", "5", "9", "80", "100.5"]
OPERATORS = ["<", "<=", ">", ">="]
CODES: Mapping[str, tuple[str, ...]] = {
    "kind": ("fall", "fit"),
    "result": ("good", "bad"),
    "status": ("past", "current"),
}
MINIMA = ("min_haemoglobin", "min_haemoglobin_molar")
FIELDS = {
    "events": {"date": "date", "kind": "code", "severity": "number", "name": "text"},
    "tests": {"date": "date", "result": "code"},
    "history.stroke": {"status": "code", "date": "date", "severity": "number"},
}


class NamedDrugs:
    def is_miscoded(self, text: str, codes: frozenset[str] | None) -> Any:
        return FALSE if "a" not in text else UNKNOWN if codes is None else TRUE if "a" not in codes else FALSE

    def half_life_in(self, text: str) -> Range | None:
        return {"pain": point(3), "no pain": Range(Fraction(5, 2), None), "drug a": Range(1, 4)}.get(text)


def random_rule(rng: random.Random, lists: tuple[str, ...] = (), size: int = 12) -> Tree:
    """A condition within these lists, the nearest first; `size` bounds how deep it goes."""
    if size <= 1 or rng.random() < 0.2:
        return random_leaf(rng, lists)
    parts = [lambda size=size: random_rule(rng, lists, size // 2) for _ in range(rng.randint(1, 3))]
    match rng.choice(["all", "any", "at_least", "not", "if_known", "some", "some", "latest", "term", "conditional"]):
        case "all" | "any" as word:
            return {word: [part() for part in parts]}
        case "at_least":
            return {"at_least": {"n": rng.randint(1, len(parts)), "of": [part() for part in parts]}}
        case "conditional":
            return {"compare": [random_conditional(rng, lists, size // 2), rng.choice(OPERATORS), "$five"]}
        case "not":
            return {"not": parts[0]()}
        case "term":
            return {"term": rng.choice(["smokes", "fell"])}
        case "if_known":
            given = [path_of(rng, lists, kind) for kind in rng.choices(["number", "date", "code"], k=rng.randint(1, 2))]
            return {"if_known": {"given": given, "then": parts[0](), "otherwise": parts[0]()}}
        case "latest":
            where, then = (random_rule(rng, ("tests", *lists), size // 2) for _ in range(2))
            return {"latest": {"of": "tests", "by": ".date", "where": where, "then": then, "otherwise": parts[0]()}}
    name = rng.choice(list(FIELDS))
    other = {"other": True} if name in lists[:1] and rng.random() < 0.7 else {}
    return {"some": {"of": name, "where": random_rule(rng, (name, *lists), size // 2)} | other}


def random_conditional(rng: random.Random, lists: tuple[str, ...], size: int) -> Tree:
    """A number that depends on conditions."""
    rule, number = (lambda: random_rule(rng, lists, size)), (lambda: random_number(rng, lists, 1))
    name = rng.choice(list(FIELDS))
    where = {"where": random_rule(rng, (name, *lists), size)}
    value = random_number(rng, (name, *lists), 1)
    return rng.choice(
        [
            lambda: {"count": {"of": name} | where},
            lambda: {"sum": {"of": name, "value": value} | where},
            lambda: {rng.choice(["mean", "min", "max"]): {"of": name, "value": value, "otherwise": number()} | where},
            lambda: {"score": [[rng.choice([1, 2, Decimal("-1.5")]), rule()] for _ in range(rng.randint(1, 3))]},
            lambda: {"case": [*([rule(), number()] for _ in range(rng.randint(1, 2))), number()]},
        ]
    )()


def path_of(rng: random.Random, lists: tuple[str, ...], kind: str) -> str:
    """A fact of this kind of the visit, or of a record around."""
    of_visit = {"date": ["visit.date", "visit.dose", "born"], "number": ["ecog", "ecog"], "code": ["smoker", "sex"]}
    found = of_visit.get(kind, ["note"])
    for depth, name in enumerate(lists, start=1):
        found = [*found, *("." * depth + key for key, own in FIELDS[name].items() if own == kind)]
    return rng.choice(found)


def random_leaf(rng: random.Random, lists: tuple[str, ...]) -> Tree:
    date, number = (lambda: path_of(rng, lists, "date")), (lambda: path_of(rng, lists, "number"))
    operator, period = rng.choice(OPERATORS), rng.choice(["$window", "$months", "$open"])
    direction, code = rng.choice(["before", "after"]), path_of(rng, lists, "code")
    codes = CODES.get(code.lstrip("."), ("yes", "no") if code == "smoker" else ("male", "female"))
    half_lives = {"half_lives": {"of": path_of(rng, lists, "text"), "times": "$five"}}
    drugs = {rng.choice(["has", "has_only"]): {"drugs": rng.sample(["a", "b"], rng.randint(1, 2))}}
    return rng.choice(
        [
            lambda: {"is": {code: rng.sample(codes, rng.randint(1, 2))}},
            lambda: drugs,
            lambda: {"common": ["drugs", "drugs"]},
            lambda: {"same": [path_of(rng, lists, kind) for kind in [rng.choice(["date", "number", "text"])] * 2]},
            lambda: {"names": {"text": path_of(rng, lists, "text"), "words": ["pain"], "but": ["no pain"]}},
            lambda: {"miscoded": {"names": path_of(rng, lists, "text"), "codes": "drugs"}},
            lambda: {"some_day": {"before": date()}},
            lambda: {"known": rng.choice([date(), number(), "history.stroke"])},
            lambda: {"detected": "labs.creatinine"},
            lambda: {"within": {"date": date(), "period": period, direction: date()}},
            lambda: {"since": {"date": date(), "period": period, "before": date()}},
            lambda: {"judgement": {"question": "ask", "about": "ecog"}},
            lambda: {"compare": [number(), operator, rng.choice(["$max_ecog", "$five"])]},
            lambda: {"compare": [date(), operator, {"day": {direction: date(), "period": "$months"}}]},
            lambda: {"compare": [{"age": {"born": "born", "on": date()}}, operator, "$years"]},
            lambda: {"compare": [{"age": {"born": "born", "on": date(), "unit": "mo"}}, operator, "$months"]},
            lambda: {"compare": ["labs.haemoglobin", operator, {"by_unit": [f"${name}" for name in MINIMA]}]},
            lambda: {"compare": ["labs.creatinine", operator, {"times": ["$times_normal", "labs.creatinine.uln"]}]},
            lambda: {"compare": [random_number(rng, lists), operator, "$five"]},
            lambda: {"compare": [{"days": {"from": date(), "to": date()}}, operator, half_lives]},
            lambda: {"since": {"date": date(), "period": {"longest": [half_lives, "$window"]}, "before": date()}},
        ]
    )()  # fmt: skip


def random_number(rng: random.Random, lists: tuple[str, ...], size: int = 3) -> Tree:
    """A computed number without a unit."""
    if not size:
        ratio = {"over": [{"in": ["labs.creatinine", "mg/dL"]}, {"in": ["labs.haemoglobin", "g/dL"]}]}
        known = {"if_known": {"given": "ecog", "then": "ecog", "otherwise": 7}}
        chosen = {"choose": {"sex": {"male": 1, "female": Decimal("0.85")}}}
        found = {"lookup": {"table": "points", "by": ["sex", path_of(rng, lists, "number")]}}
        return rng.choice([path_of(rng, lists, "number"), 2, chosen, found, known, ratio])
    sides = [random_number(rng, lists, size - 1) for _ in range(2)]
    if rng.random() < 0.1:
        return {rng.choice(["log", "log10"]): sides[0]}
    if rng.random() < 0.1:
        return {"power": [sides[0], rng.choice([2, -1, Decimal("0.5"), Decimal("-0.203")])]}
    found = {rng.choice(["plus", "minus", "times", "over", "min", "max"]): sides}
    return {"formula": {"label": "computed", "unit": "1", "value": found}} if rng.random() < 0.3 else found


TERMS = {
    "smokes": {"label": "smokes", "rule": {"is": {"smoker": "yes"}}},
    "fell": {"label": "fell", "rule": {"some": {"of": "events", "where": {"is": {".kind": "fall"}}}}},
}


def random_facts(rng: random.Random) -> Facts:
    def known(kind: str, path: str) -> Any:
        if rng.random() < 0.3:
            return None
        codes = {"smoker": ("yes", "no"), "sex": ("male", "female"), **CODES}
        return {
            "date": lambda: rng.choice(DATES),
            "number": lambda: rng.choice(NUMBERS),
            "code": lambda: rng.choice(codes[path]),
            "codes": lambda: rng.sample(["a", "b", "c"], rng.randint(0, 2)),
            "text": lambda: rng.choice(["pain", "no pain", "drug a", ""]),
        }[kind]()

    values = {
        path: random_result(rng, path) if kind.reported else fact(kind, known(kind.kind, path))
        for path, kind in SCHEMA.facts.items()
        if path != "pulse" and path != "pressure"
    }
    if rng.random() < 0.1:
        values["ecog"] = Range(Decimal(rng.randint(0, 2)), rng.choice([None, Decimal(5)]), False, rng.random() < 0.5)
    lists = {
        name: [
            {key: fact(SCHEMA.records[name].fields[key], known(kind, key)) for key, kind in fields.items()}
            | {INDEX_KEY: index}
            for index in range(rng.randint(0, 3))
        ]
        for name, fields in FIELDS.items()
        if rng.random() < 0.8
    }
    records = {
        name: [{key: value for key, value in record.items() if value is not None} for record in found]
        for name, found in lists.items()
        if found or not name.startswith("history.")
    }
    reviewed = frozenset({"events"}) if rng.random() < 0.5 else frozenset()
    return Facts({path: value for path, value in values.items() if value is not None}, records, reviewed)


def random_result(rng: random.Random, path: str) -> Any:
    quantity = CREATININE if "creatinine" in path else HAEMOGLOBIN
    if rng.random() < 0.3:
        return None
    comparator = "" if path.endswith((".uln", ".lod")) else rng.choice(["", "", "<", "<=", ">", ">="])
    return lab(rng.choice(["0", "1.5", "9", "132.6"]), rng.choice(quantity.units), quantity, comparator)


__all__ = ["TERMS", "NamedDrugs", "point", "random_facts", "random_rule"]
