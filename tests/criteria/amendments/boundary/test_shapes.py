"""A limit may stand anywhere in a rule: each shape has documents that come out otherwise when it moves."""

from datetime import date
from typing import Any

import pytest

from criteria.amendments.boundary import BoundaryTable, boundary_tables
from criteria.definition.reader import Edition, edition_from

YES_NO = {"label": "x", "type": "yn"}
DATE = {"type": "date"}
FIELDS = {
    "visit": {
        "date": {"label": "visit date", "type": "day", "required": True},
        "dose": {"label": "first dose", "type": "day", "not_before": "visit.date"},
    },
    "body": {
        "born": {"label": "date of birth", **DATE, "not_after": "visit.date"},
        "pulse": {"label": "pulse", "type": "integer", "unit": "/min"},
        "rest": {"label": "pulse at rest", "type": "number", "unit": "/min"},
        "length": {"label": "length", "type": "number", "unit": "cm"},
        "fit": {"label": "fit", "type": "yn"},
        "since": {"label": "fit since", **DATE},
    },
}
RECORD = {
    "kind": {"label": "kind", "type": "code", "options": {"fall": "fall", "stroke": "stroke"}},
    "day": {"label": "day", **DATE},
    "end": {"label": "end", **DATE, "not_before": ".day"},
    "grade": {"label": "grade", "type": "integer", "maximum": 5},
    "marks": {"label": "marks", "type": "codes", "options": {"a": "A", "b": "B"}},
}
PARTS: list[dict[str, Any]] = [
    *({"key": key, "kind": "group", "title": key, "fields": fields} for key, fields in FIELDS.items()),
    {"key": "events", "kind": "records", "title": "events", "item": "event", "reviewable": True, "fields": RECORD},
    {"key": "score", "kind": "single", "title": "score", "field": {"label": "score", "type": "number"}},
    {
        "key": "labs",
        "kind": "results",
        "title": "labs",
        "analytes": {
            "iron": {"label": "iron", "units": [{"umol/L": 1, "ug/dL": "0.1791"}], "uln": True},
            "rna": {"label": "RNA", "units": [{"[IU]/mL": 1}], "lod": True},
        },
    },
    {"key": "past", "kind": "checklist", "title": "past", "conditions": {"gout": {"label": "gout"}}},
]
AGE = {"age": {"born": "body.born", "on": "visit.date"}}
OLD_EVENT = {"within": {"date": ".day", "period": "$p", "before": "visit.dose"}}
RECENT = {"since": {"date": ".day", "period": "$p", "before": "visit.dose"}}
SHAPES: dict[str, tuple[str, Any]] = {
    "a whole number": ("/min", {"compare": ["body.pulse", "<", "$p"]}),
    "the value of a part": ("1", {"compare": ["score", ">", "$p"]}),
    "another unit than the field's": ("m", {"compare": ["body.length", ">=", "$p"]}),
    "a negation": ("/min", {"not": {"compare": ["body.pulse", "<=", "$p"]}}),
    "a sum on the right": ("/min", {"compare": ["body.pulse", ">", {"plus": ["body.rest", "$p"]}]}),
    "a difference on the left": ("/min", {"compare": [{"minus": ["body.rest", "$p"]}, "<", "body.rest_before"]}),
    "a ratio to the laboratory's limit": ("{ULN}", {"compare": ["labs.iron", ">", {"times": ["$p", "labs.iron.uln"]}]}),
    "a result in two units": ("ug/dL", {"compare": ["labs.iron", "<=", "$p"]}),
    "months of age": ("mo", {"compare": [AGE, ">=", "$p"]}),
    "a record that is found by a set of codes": (
        "1",
        {"some": {"of": "events", "where": {"all": [{"has": {".marks": "b"}}, {"compare": [".grade", ">", "$p"]}]}}},
    ),
    "beside a detected result": ("1", {"all": [{"detected": "labs.rna"}, {"compare": ["score", ">=", "$p"]}]}),
    "where something is known": (
        "/min",
        {
            "if_known": {
                "given": "body.fit",
                "then": {"compare": ["body.pulse", "<", "$p"]},
                "otherwise": {"is": {"body.fit": "yes"}},
            }
        },
    ),
    "where something is not known": (
        "/min",
        {
            "if_known": {
                "given": "score",
                "then": {"compare": ["score", "<", "score"]},
                "otherwise": {"compare": ["body.pulse", "<", "$p"]},
            }
        },
    ),
    "a window before a day": ("d", {"some": {"of": "events", "where": OLD_EVENT}}),
    "a window after a day": (
        "wk",
        {"some": {"of": "events", "where": {"within": {"date": ".day", "period": "$p", "after": "visit.dose"}}}},
    ),
    "a visit within a window after an event": (
        "d",
        {"some": {"of": "events", "where": {"within": {"date": "visit.date", "period": "$p", "after": ".day"}}}},
    ),
    "a window of a history": (
        "mo",
        {"some": {"of": "past.gout", "where": {"since": {"date": ".date", "period": "$p", "before": "visit.dose"}}}},
    ),
    "a day shifted on the left": (
        "mo",
        {
            "some": {
                "of": "events",
                "where": {"compare": [{"day": {"after": ".end", "period": "$p"}}, ">", "visit.dose"]},
            }
        },
    ),
    "a day shifted on the right": (
        "wk",
        {"compare": ["body.since", "<=", {"day": {"before": "visit.dose", "period": "$p"}}]},
    ),
    "a day that follows another": (
        "d",
        {"some": {"of": "events", "where": {"compare": [".end", ">=", {"day": {"after": ".day", "period": "$p"}}]}}},
    ),
    "the latest record, by which counts": (
        "d",
        {
            "latest": {
                "of": "events",
                "by": ".day",
                "where": OLD_EVENT,
                "then": {"is": {".kind": "fall"}},
                "otherwise": {"is": {"body.fit": "no"}},
            }
        },
    ),
    "the latest record, by what it says": (
        "1",
        {
            "latest": {
                "of": "events",
                "by": ".day",
                "where": {"is": {".kind": "fall"}},
                "then": {"compare": [".grade", "<", "$p"]},
                "otherwise": {"is": {"body.fit": "no"}},
            }
        },
    ),
    "no latest record": (
        "/min",
        {
            "latest": {
                "of": "events",
                "by": ".day",
                "where": {"is": {".kind": "fall"}},
                "then": {"is": {".kind": "fall"}},
                "otherwise": {"compare": ["body.pulse", "<", "$p"]},
            }
        },
    ),
    "a record beside another": (
        "d",
        {
            "some": {
                "of": "events",
                "where": {
                    "all": [
                        {"is": {".kind": "fall"}},
                        {
                            "some": {
                                "of": "events",
                                "other": True,
                                "where": {"all": [{"is": {".kind": "stroke"}}, RECENT]},
                            }
                        },
                    ]
                },
            }
        },
    ),
    "one of several on the same record": (
        "1",
        {
            "some": {
                "of": "events",
                "where": {
                    "any": [
                        {"all": [{"is": {".kind": "fall"}}, {"compare": [".grade", ">=", "$p"]}]},
                        {"all": [{"is": {".kind": "stroke"}}, {"compare": [".grade", ">=", "$q"]}]},
                        RECENT | {"since": {"date": ".end", "period": "$window", "before": "visit.dose"}},
                    ]
                },
            }
        },
    ),
}
VALUES = {"months of age": (20, 30)}  # ages are whole years


def edition(shape: str, value: Any, category: str) -> Edition:
    unit, rule = SHAPES[shape]
    others = {"q": {"title": "q", "value": 4}, "window": {"title": "w", "value": 5, "unit": "mo"}}
    parts = [part | {"fields": body()} if part["key"] == "body" else part for part in PARTS]
    return edition_from(
        {
            "trial": {"code": "T", "title": "T"},
            "version": {"number": "1", "effective_from": date(2025, 1, 1).isoformat()},
            "sections": [{"code": "all", "title": "all", "parts": parts}],
            "parameters": {"p": {"title": "p", "value": value, "unit": unit}, **others},
            "criteria": [{"code": "A1", "category": category, "statement": "s", "rule": rule}],
        }
    )


def body() -> dict[str, Any]:
    return FIELDS["body"] | {"rest_before": {"label": "pulse at rest before", "type": "number", "unit": "/min"}}


def made(shape: str, category: str) -> BoundaryTable:
    old, new = VALUES.get(shape, (2, 4))
    (table,) = boundary_tables(edition(shape, old, category), edition(shape, new, category))
    return table


@pytest.mark.parametrize("category", ["inclusion", "exclusion"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_limit_is_found_and_tried_wherever_it_stands(shape, category):
    table = made(shape, category)
    assert table.note == ""
    protocol = edition(shape, 4, category).protocol
    assert not [row for row in table.rows if protocol.validate(row.document)]
    assert any(row.flips for row in table.rows)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_lets_a_person_in_keeps_one_out_as_an_exclusion(shape):
    inclusion, exclusion = made(shape, "inclusion"), made(shape, "exclusion")
    swapped = {"pass": "fail", "fail": "pass"}
    assert [row.case for row in inclusion.rows] == [row.case for row in exclusion.rows]
    assert [swapped.get(row.after, row.after) for row in inclusion.rows] == [row.after for row in exclusion.rows]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_limit_looks_at_is_never_taken_for_a_value_where_it_is_not_known(shape):
    absent = [row for row in made(shape, "inclusion").rows if row.case in ("not known", "no date")]
    assert {(row.before, row.after) for row in absent} <= {("unknown", "unknown")}


def test_a_day_that_is_moved_for_another_is_named():
    cases = [row.case for row in made("a day shifted on the left", "inclusion").rows]
    assert "first dose 2026-12-31, on the day of the new limit" in cases
