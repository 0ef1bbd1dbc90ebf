from datetime import date
from decimal import Decimal

import pytest

from screening.models import ReferenceRange
from screening.visits.reference_ranges import Ranges
from screening.visits.result_remarks import (
    entry_remarks,
    kept_parts,
    kept_remarks,
    remarks_at,
    result_remarks,
)
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.answered import answered
from tests.support.factories import ReferenceRangeFactory

DNA = {"analyte": "hbv_dna", "value": 20, "unit": "[IU]/mL", "comparator": "<", "collected": "2026-03-08"}
HB = {"analyte": "haemoglobin", "value": Decimal("11.8"), "unit": "g/dL", "collected": "2026-03-08"}
AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08"}


@pytest.fixture
def part(vocabulary):
    return vocabulary.parts["labs"]


@pytest.fixture
def kept(part):
    """What was left over when one result became another."""

    def told(before, **changed):
        return [each.name for each in kept_parts(part, [before], [before | changed])]

    return told


COMPARATOR, UNIT = "comparator", "unit"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"value": 25}, [COMPARATOR]),
        ({"value": 25, "collected": "2026-03-09"}, [COMPARATOR]),
        ({"value": 25, "unit": "{copies}/mL"}, [COMPARATOR]),
        ({"value": 350}, [COMPARATOR, UNIT]),
        ({"value": 25, "comparator": ">"}, []),
        ({"value": 25, "comparator": None}, []),
        ({"value": 25, "comparator": "unknown"}, []),
        ({"value": Decimal("20.0")}, []),
        ({"collected": "2026-03-09"}, []),
    ],
)
def test_comparator_is_left_over_when_the_value_beside_it_is_typed_anew(kept, changed, expected):
    assert kept(DNA, **changed) == expected


def test_nothing_is_left_over_of_a_sample_that_gave_no_result(part):
    sample = {"analyte": "hbv_dna", "not_done": "溶血", "collected": "2026-03-08"}
    assert list(kept_parts(part, [DNA], [sample])) == []
    assert list(kept_parts(part, [sample], [DNA])) == []


@pytest.mark.parametrize("comparator", [None, "unknown"])
def test_result_that_had_no_comparator_leaves_none_over(kept, comparator):
    assert kept(DNA | {"comparator": comparator}, value=25) == []


@pytest.mark.parametrize(
    ("before", "changed", "asked"),
    [
        (HB, {"value": Decimal("7.3")}, True),  # the same in mmol/L
        (HB, {"value": 118}, True),  # the same in g/L
        (HB, {"value": Decimal("11.9")}, False),  # a digit
        (HB, {"value": Decimal("7.3"), "unit": "mmol/L"}, False),
        (AST, {"value": 310}, False),  # has one unit
        (AST | {"analyte": "anc", "value": 3, "unit": "10*9/L"}, {"value": 6}, False),  # 6 /uL is implausible
        (AST | {"analyte": "anc", "value": 3, "unit": "10*9/L"}, {"value": 3000}, True),
    ],
)
def test_unit_is_left_over_where_the_new_number_may_be_meant_in_another(kept, before, changed, asked):
    assert kept(before, **changed) == ([UNIT] if asked else [])


def test_result_is_followed_to_its_place_in_the_list(part):
    (found,) = kept_parts(part, [AST, HB, DNA], [HB, DNA | {"value": 25}])
    assert found == (1, "comparator")


def test_further_result_of_the_test_leaves_nothing_over(part):
    assert list(kept_parts(part, [DNA], [DNA, DNA | {"value": 25, "collected": "2026-03-09"}])) == []


@pytest.mark.parametrize(
    "dropped", [{"analyte": "lactate"}, {"unit": "[arb'U]/mL"}, {"analyte": "lactate", "unit": "mmol/L"}]
)
def test_test_or_unit_that_the_version_no_longer_has_leaves_nothing_over(part, kept, dropped):
    """Earlier revisions of a visit were saved under the questions of an earlier version."""
    assert kept(DNA | dropped, value=350) == []
    documents = [
        {"labs": [DNA | dropped]},
        {"labs": [DNA | dropped | {"value": 350}]},
        {"labs": [DNA | {"value": 350}]},
    ]
    assert kept_remarks(part, documents) == {}


def test_remark_stays_until_the_result_is_changed_again(part):
    first, second = {"labs": [DNA]}, {"labs": [DNA | {"value": 25}]}
    third = {"labs": [AST, DNA | {"value": 25}], "vitals": {}}
    assert kept_remarks(part, [first]) == {}
    assert kept_remarks(part, [first, second]) == {0: {"comparator_kept": "yes"}}
    assert kept_remarks(part, [first, second, third]) == {1: {"comparator_kept": "yes"}}
    assert kept_remarks(part, [first, second, {"labs": [DNA | {"value": 25, "comparator": ">"}]}]) == {}
    assert kept_remarks(part, [first, second, {"labs": "unknown"}]) == kept_remarks(part, []) == {}


@pytest.mark.parametrize(("uln", "expected"), [(40, "yes"), (60, "yes"), (61, "no"), (None, None), ("unknown", None)])
def test_upper_limit_is_held_against_the_sites_own_of_that_day(vocabulary, uln, expected):
    row = ReferenceRange(analyte="ast", unit="U/L", uln=40, valid_from=date(2026, 3, 8), needs_confirmation=False)
    document = {"labs": [HB, AST | {"uln": uln}]}
    expected = {} if expected is None else {1: {"uln_as_site": expected}}
    assert result_remarks(Ranges((row,)), vocabulary, document) == expected
    assert result_remarks(Ranges(()), vocabulary, document) == {}
    earlier = {"labs": [HB, AST | {"uln": uln, "collected": "2026-03-07"}]}
    assert result_remarks(Ranges((row,)), vocabulary, earlier) == {}


def test_all_remarks_on_a_result_are_told_together(vocabulary):
    row = ReferenceRange(analyte="ast", unit="U/L", uln=40, valid_from=date(2026, 1, 1), needs_confirmation=False)
    before = AST | {"uln": 400, "comparator": ">"}
    found = result_remarks(Ranges((row,)), vocabulary, {"labs": [before | {"value": 32}]}, [{"labs": [before]}])
    assert found == {0: {"uln_as_site": "no", "comparator_kept": "yes"}}


def test_remarks_on_a_revision_rest_on_those_before_it_and_on_the_sites_ranges(
    trial, coordinator, administrator, vocabulary, django_assert_num_queries
):
    ReferenceRangeFactory(trial=trial, created_by=administrator, analyte="ast", unit="U/L", uln=40)
    documents = [{"labs": [AST | {"uln": 80}, DNA | {"value": value}]} for value in (20, 25)]
    document = {"visit": {"date": "2026-03-09"}} | documents[0]
    visit = answered(open_visit, register_subject(trial, coordinator), coordinator, document)
    both = {0: {"uln_as_site": "no"}, 1: {"comparator_kept": "yes"}}
    with django_assert_num_queries(1):
        assert entry_remarks(trial, vocabulary, documents[1], documents[0]) == both
    answered(save_section, visit, "laboratory", documents[1], 1, coordinator, "read wrongly")
    first, second = visit.revisions.select_related("visit__subject__trial").order_by("number")
    assert remarks_at(first, vocabulary) == {0: {"uln_as_site": "no"}}
    with django_assert_num_queries(2):
        assert remarks_at(second, vocabulary) == both
    for without in ({}, {"labs": "unknown"}, {"labs": []}):
        second.document = without
        with django_assert_num_queries(0):
            assert remarks_at(second, vocabulary) == entry_remarks(trial, vocabulary, without, documents[0]) == {}
