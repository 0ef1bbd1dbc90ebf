"""Every parameter of every trial at hand, changed a little: documents that can be saved, and limits that flip."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from criteria.amendments.boundary import BoundaryTable, boundary_tables
from criteria.amendments.boundary.where import condition_text
from criteria.amendments.uses import ParameterUse, parameter_uses
from criteria.definition.reader import Edition, parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from tests.conftest import ROOT
from tests.criteria.amendments.boundary.amended import FILES, Value, amended, edition, nearby, rewritten, with_limits

CASES = [(trial, name, value) for trial in FILES for name, value in nearby(trial)]
IDLE = {("oesophagus", "contraception_after")}  # it stands only in the help of a field


def ids(case: Any) -> str:
    return str(case)


def made(trial: str, name: str, value: Value) -> tuple[BoundaryTable, ...]:
    return boundary_tables(edition(trial), amended(trial, **{name: value}))


@pytest.mark.parametrize(("trial", "name", "value"), CASES, ids=ids)
def test_a_changed_parameter_has_valid_documents_that_flip_at_its_limits(trial, name, value):
    new = amended(trial, **{name: value}).protocol
    found = boundary_tables(edition(trial), amended(trial, **{name: value}))
    assert {table.parameter for table in found} == {name}
    assert any(row.flips for table in found for row in table.rows) is ((trial, name) not in IDLE)
    for table in found:
        assert table.rows or table.note
        assert len(table.rows) <= 40
        assert not [row for row in table.rows if new.validate(row.document) or row.before is None]
        if not table.note:
            check_use(table, use_of(new, table))


def check_use(table: BoundaryTable, use: ParameterUse) -> None:
    if len(use.lists) < 2:  # of a record beside another one, the other one's days decide too
        check_ends(table, use.leaf)


def use_of(protocol: Protocol, table: BoundaryTable) -> ParameterUse:
    criterion = next(each for each in protocol.criteria if each.code == table.code)
    return next(
        use for use in parameter_uses(criterion, table.parameter) if condition_text(use, protocol) == table.where
    )


def check_ends(table: BoundaryTable, leaf: n.Compare | n.Within) -> None:
    for version, outcome in (("old", "before"), ("new", "after")):
        for at, before, after in ends(table, version, outcome, leaf):
            assert len(at) <= 1
            if at:
                same, other = (after, before) if belongs_above(leaf) else (before, after)
                assert at >= same
                assert not at & other


def ends(
    table: BoundaryTable, version: str, outcome: str, leaf: n.Compare | n.Within
) -> Iterator[tuple[set[str], set[str], set[str]]]:
    """The outcomes at the limit, before it and behind it."""

    def of(words: str) -> set[str]:
        rows = [row for row in table.rows if f"{words} the {version} " in f"{row.case} "]
        return {getattr(row, outcome) for row in rows}

    yield of("at"), of("just below"), of("just above")
    if isinstance(leaf, n.Compare):
        yield of("on the day of"), of("the day before"), of("the day after")
    elif leaf.direction == "after":
        yield of("last day of"), set(), of("the day after")
    else:
        yield of("first day of"), of("the day before"), set()


def belongs_above(leaf: n.Compare | n.Within) -> bool:
    """Whether the limit itself comes out as what lies above it, or later."""
    if isinstance(leaf, n.Within):
        return leaf.direction != "after"
    return leaf.operator in (">=", "<")


def test_nothing_changed_makes_no_table():
    assert boundary_tables(edition("second"), edition("second")) == ()


def test_a_parameter_that_decides_nothing_says_so():
    (table,) = made("oesophagus", "contraception_after", Decimal(180))
    assert (table.code, table.rows, table.old, table.new) == ("", (), "120 days", "180 days")
    assert table.note == "It decides no criterion: it stands only in the help of a field."


def test_the_limits_stand_in_words_with_the_criterion():
    (table,) = made("oesophagus", "min_anc", Decimal(1000))
    assert (table.title, table.old, table.new) == ("minimum neutrophil count", "1500 /mm³", "1000 /mm³")
    assert (table.code, table.where) == ("I08", "neutrophils at least 1000 /mm³")


def test_a_window_used_for_several_conditions_has_a_table_for_each():
    found = made("oesophagus", "cardiac", Decimal(6))
    assert len(found) == len({table.where for table in found}) == 5
    assert all(table.code == "E14" for table in found)


def test_records_of_one_list_are_told_apart_by_their_codes():
    serum, _, urine = made("oesophagus", "pregnancy_test_window", Decimal(4))
    assert serum.where.startswith("pregnancy test (specimen is serum)")
    assert urine.where.startswith("pregnancy test (specimen is urine)")
    assert {row.after for row in serum.rows} == {"pass", "unknown"}  # outside the window a test is only missing


def test_a_named_condition_that_stands_in_several_places_is_tried_once():
    assert len(made("oesophagus", "relapse_window", Decimal(7))) == 1


def test_a_case_that_no_limit_decides_says_so_and_shows_its_documents():
    later = made("oesophagus", "pregnancy_test_window", Decimal(4))[1]
    assert later.rows
    assert later.note.startswith("None of these cases comes out otherwise")


def test_a_new_parameter_has_nothing_before():
    def smaller(data):
        del data["parameters"]["min_waist"]
        data["criteria"] = [each for each in data["criteria"] if each["code"] != "A4"]
        data["sections"][0]["parts"][1]["fields"]["waist_cm"]["help"] = ""

    (table,) = boundary_tables(rewritten("second", smaller), edition("second"))
    assert table.old == "not there"
    assert {row.before for row in table.rows} == {None}
    assert {row.after for row in table.rows} == {"pass", "fail", "unknown"}
    assert all(row.flips for row in table.rows)


def test_a_document_that_the_old_edition_cannot_read_has_nothing_before():
    def without_waist(data):
        fields = data["sections"][0]["parts"][1]["fields"]
        fields["girth_cm"] = fields.pop("waist_cm")
        data["criteria"][3]["rule"] = {"compare": ["person.girth_cm", ">=", "$min_waist"]}

    (table,) = boundary_tables(rewritten("second", without_waist), amended("second", min_waist=Decimal(1)))
    assert {row.before for row in table.rows} == {None}


def test_another_unit_for_the_same_limit_flips_nobody_and_a_slip_of_the_unit_shows():
    def in_unit(value):
        def change(data):
            data["parameters"]["min_anc"] |= {"value": value, "unit": "10*9/L", "permitted": None}

        return change

    (same,) = boundary_tables(edition("oesophagus"), rewritten("oesophagus", in_unit(Decimal("1.5"))))
    assert not any(row.flips for row in same.rows)
    (slip,) = boundary_tables(edition("oesophagus"), rewritten("oesophagus", in_unit(1500)))
    assert {row.after for row in slip.rows if "at the old limit" in row.case} == {"fail"}


def test_a_limit_of_who_is_asked_decides_whether_the_criterion_applies():
    def older_women(data):
        data["criteria"][3]["applies"] = {
            "compare": [{"age": {"born": "person.born", "on": "visit.date"}}, ">=", "$min_age"]
        }

    def older(data):
        older_women(data)
        data["parameters"]["min_age"]["value"] = 50

    found = boundary_tables(rewritten("second", older_women), rewritten("second", older))
    asked = next(table for table in found if table.code == "A4")
    assert "not_applicable" in {row.before for row in asked.rows}
    assert any(row.flips for row in asked.rows)


def test_what_only_a_formula_computes_is_reached_by_one_of_its_values():
    def computed(data):
        compare = data["terms"]["cockcroft_gault_or_measured"]["rule"]["compare"]
        compare[0] = compare[0]["if_known"]["otherwise"]

    def higher(data):
        computed(data)
        data["parameters"]["min_crcl"]["value"] = 70

    (table,) = boundary_tables(rewritten("oesophagus", computed), rewritten("oesophagus", higher))
    assert any(row.flips for row in table.rows)
    at = next(row for row in table.rows if "at the new limit" in row.case or "just above the new limit" in row.case)
    assert "creatinine clearance (Cockcroft-Gault)" in at.case
    assert at.after == "pass"


def test_a_draft_that_changes_everything_at_once_has_a_table_that_flips_for_each():
    protocol = edition("oesophagus").protocol
    values = {name: Decimal(6) if limit.value is None else limit.value + 1 for name, limit in protocol.limits.items()}
    found = boundary_tables(edition("oesophagus"), amended("oesophagus", **values))
    flipping = {table.parameter for table in found if any(row.flips for row in table.rows)}
    assert set(protocol.limits) - flipping == {"contraception_after"}


def test_limit_of_what_is_counted_or_added_up_is_said_to_be_tried_on_real_visits():
    data, protocol = parse_definition((ROOT / "tests/data/counting.yaml").read_text(encoding="utf-8"))
    old = Edition(data, protocol)
    for name, limit in protocol.limits.items():
        assert limit.value is not None
        changed = with_limits(protocol, {**protocol.limits, name: limit._replace(value=limit.value - 1)})
        found = boundary_tables(old, Edition(data, changed))
        assert found
        for table in found:
            assert "try it on real visits" in table.note, name
