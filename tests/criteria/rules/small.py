"""A vocabulary of a few facts, and one call to decode, check and evaluate a rule over it."""

from decimal import Decimal
from typing import Any

from criteria.rules import dates
from criteria.rules.check import CheckResult, check_rule
from criteria.rules.codec import decoder as rule_decoder
from criteria.rules.decoder import Decoder
from criteria.rules.evaluate import compile_rule
from criteria.rules.facts import INDEX_KEY, Facts, FactType, LaboratoryValue, Limit, RecordsType, Schema
from criteria.rules.nodes import Node
from criteria.rules.ranges import Range, point, reported_range
from criteria.rules.trace import Trace
from criteria.rules.units import EXACT_CONTEXT, Quantity, quantity_of
from criteria.rules.values.tables import CODE, Interval, Table, TableKey

YES_NO = {"yes": "yes", "no": "no"}
CREATININE = Quantity(({"umol/L": Decimal(1), "mg/dL": Decimal("88.4")},))
HAEMOGLOBIN = Quantity(({"g/dL": Decimal(1), "g/L": Decimal("0.1")}, {"mmol/L": Decimal(1)}))
PRESSURE = quantity_of("mm[Hg]")
SEVERITY = FactType("number", "severity", bounds=Range(Decimal(0), Decimal("100.5")))
STATUS = FactType("code", "status", {"absent": "absent", "past": "past", "current": "current"})


def facts_of_test(name: str, label: str, quantity: Quantity) -> dict[str, FactType]:
    return {
        name: FactType("number", label, quantity=quantity, reported=True, result=True),
        f"{name}.collected": FactType("date", f"{label} collected"),
        f"{name}.uln": FactType("number", f"upper limit of normal of {label}", quantity=quantity, reported=True),
        f"{name}.lod": FactType("number", f"limit of detection of {label}", quantity=quantity, reported=True),
    }


POINTS = Table(
    "points by sex and grade",
    "1",
    (TableKey("sex", CODE), TableKey("grade", "1")),
    tuple(
        ((sex, Interval(*ends)), Decimal(points))
        for sex, least in (("male", None), ("female", Decimal(-1)))
        for ends, points in (((least, Decimal(1)), 3), ((Decimal(1), Decimal(3)), -2), ((Decimal(3), None), "4.5"))
    ),
)
SCHEMA = Schema(
    facts={
        "visit.date": FactType("date", "visit date"),
        "visit.dose": FactType("date", "first dose"),
        "born": FactType("date", "date of birth"),
        "pulse": FactType("number", "pulse", unit="/min", quantity=quantity_of("/min")),
        "pressure": FactType("number", "pressure", unit="mm[Hg]", quantity=PRESSURE),
        "ecog": FactType("number", "ECOG"),
        "smoker": FactType("code", "smoker", YES_NO),
        "sex": FactType("code", "sex", {"male": "male", "female": "female"}),
        "drugs": FactType("codes", "drugs", {"a": "drug A", "b": "drug B", "c": "drug C"}),
        "note": FactType("text", "note"),
        **facts_of_test("labs.creatinine", "creatinine", CREATININE),
        **facts_of_test("labs.haemoglobin", "haemoglobin", HAEMOGLOBIN),
    },
    records={
        "events": RecordsType(
            "events",
            "event",
            {"date": FactType("date", "date"), "kind": FactType("code", "kind", {"fall": "fall", "fit": "fit"})}
            | {"severity": SEVERITY, "name": FactType("text", "name")},
            "reviewed",
        ),
        "tests": RecordsType(
            "tests",
            "test",
            {"date": FactType("date", "date"), "result": FactType("code", "result", {"good": "good", "bad": "bad"})},
            "recorded",
        ),
        "history.stroke": RecordsType(
            "stroke", "stroke", {"status": STATUS, "date": FactType("date", "date"), "severity": SEVERITY}, "asked"
        ),
    },
    tables={"points": POINTS},
)
LIMITS = {
    "max_pulse": ("100", "/min"),
    "max_ecog": ("1", "1"),
    "five": ("5", "1"),
    "max_creatinine": ("1.5", "mg/dL"),
    "times_normal": ("1.5", "{ULN}"),
    "min_haemoglobin": ("9", "g/dL"),
    "min_haemoglobin_molar": ("5.6", "mmol/L"),
    "heavy": ("90", "g/L"),
    "window": ("14", "d"),
    "months": ("6", "mo"),
    "years": ("18", "a"),
    "open": (None, "mo"),
    "half": ("1.5", "wk"),
    "endless": ("5001", "d"),
}


def limits(**changes: Any) -> dict[str, Limit]:
    return {
        name: Limit(name, name.replace("_", " "), None if value is None else Decimal(value), unit)
        for name, (value, unit) in (LIMITS | changes).items()
    }


def decoded(tree: Any, terms: dict[str, Any] | None = None) -> tuple[Node, list[tuple[str, str]], Decoder]:
    decoder = rule_decoder(terms or {})
    return decoder.decode(tree, "rule"), decoder.faults, decoder


def checked(tree: Any, **changes: Any) -> tuple[Node, CheckResult]:
    node, faults, _ = decoded(tree)
    assert not faults
    return node, check_rule(node, SCHEMA, limits(**changes))


def messages(tree: Any, **changes: Any) -> list[str]:
    """What the check says of a rule."""
    return [message for _, message in checked(tree, **changes)[1].faults]


def evaluated(
    tree: Any,
    values: dict[str, Any] | None = None,
    lists: dict[str, list[dict[str, Any]]] | None = None,
    reviewed: tuple[str, ...] = (),
    **changes: Any,
) -> Trace:
    """The trace of a rule; numbers and dates may be given as they stand in a document."""
    node, found = checked(tree, **changes)
    assert not found.faults, found.faults
    run = compile_rule(node, SCHEMA, limits(**changes), found.kinds)
    facts = Facts(
        {path: fact(SCHEMA.facts[path], value) for path, value in (values or {}).items()},
        {
            name: [
                {key: fact(SCHEMA.records[name].fields[key], value) for key, value in one.items()} | {INDEX_KEY: index}
                for index, one in enumerate(found)
            ]
            for name, found in (lists or {}).items()
        },
        frozenset(reviewed),
    )  # fmt: skip
    return run(facts, None)


def fact(kind: FactType, value: Any) -> Any:
    if isinstance(value, LaboratoryValue) or value is None:
        return value
    if kind.kind == "date":
        return dates.parse_date(value)
    if kind.kind == "number":
        return point(Decimal(value))
    return frozenset(value) if kind.kind == "codes" else value


def lab(value: str, unit: str, quantity: Quantity, comparator: str = "") -> LaboratoryValue:
    bounds = reported_range(EXACT_CONTEXT.multiply(Decimal(value), quantity.factor(unit)), comparator)
    return LaboratoryValue(bounds, Decimal(value), unit, quantity.family(unit), comparator, "2026-03-08")
