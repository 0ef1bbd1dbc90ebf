from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from screening.visits.field_history import ValueSources, history_of
from screening.visits.save import open_visit, register_subject, save_section

FIRST_LINE = {"kind": "systemic", "name": "first line", "ongoing": "no"}
SECOND_LINE = {"kind": "systemic", "name": "second line"}
ANC = {"analyte": "anc", "value": Decimal("1.4"), "unit": "10*9/L", "collected": "2026-03-01"}
WBC = ANC | {"analyte": "wbc", "value": Decimal("3.4")}


@pytest.fixture
def visit(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


@pytest.fixture
def save(visit, coordinator):
    def save(section, part):
        return save_section(visit, section, part, visit.latest_revision().number, coordinator, reason="as told")

    return save


def told(visit, path):
    return [(entry.revision.number, None if entry.absent else entry.value) for entry in history_of(visit, path)]


def test_each_value_of_a_field_is_told_latest_first_with_who_when_and_why(visit, save, coordinator):
    save("performance", {"performance": {"ecog": 0}})
    save("imaging", {"imaging": {"fistula_risk": "no"}})
    save("performance", {"performance": {"ecog": 2}})
    latest, first = history_of(visit, "performance.ecog")
    assert (latest.value, latest.revision.number, latest.revision.reason) == (2, 4, "as told")
    assert (first.value, first.revision.number, first.revision.created_by) == (0, 2, coordinator)


def test_value_taken_away_and_entered_again_is_told_as_such(visit, save):
    for part in ({"ecog": 0}, {}, {"ecog": 0}):
        save("performance", {"performance": part})
    assert told(visit, "performance.ecog") == [(4, 0), (3, None), (2, 0)]


def test_nothing_is_told_where_there_never_was_a_value(visit, save):
    save("performance", {"performance": {"ecog": 0}})
    for path in ("vitals.weight_kg", "labs.anc", "therapies[0].name", "therapies[9999999999].name", "nowhere", ""):
        assert history_of(visit, path) == []


def test_record_is_followed_when_another_was_put_before_it(visit, save):
    save("therapies", {"therapies": [FIRST_LINE]})
    save("therapies", {"therapies": [SECOND_LINE, FIRST_LINE]})
    save("therapies", {"therapies": [SECOND_LINE, FIRST_LINE | {"end_date": "2025-12-20"}]})
    save("therapies", {"therapies": [SECOND_LINE, FIRST_LINE | {"end_date": "2025-12-24"}]})
    assert told(visit, "therapies[1].end_date") == [(5, "2025-12-24"), (4, "2025-12-20")]
    assert told(visit, "therapies[1].name") == [(2, "first line")]
    assert told(visit, "therapies[0].name") == [(3, "second line")]
    assert told(visit, "therapies[0]") == [(3, SECOND_LINE)]


def test_record_that_left_the_list_is_not_confused_with_the_next(visit, save):
    save("therapies", {"therapies": [FIRST_LINE, SECOND_LINE]})
    save("therapies", {"therapies": [SECOND_LINE]})
    assert told(visit, "therapies[0].name") == [(2, "second line")]


def test_results_of_a_test_are_told_together(visit, save):
    again = ANC | {"value": Decimal("1.6"), "collected": "2026-03-08"}
    save("laboratory", {"labs": [ANC]})
    save("laboratory", {"labs": [WBC, ANC]})
    save("laboratory", {"labs": [WBC, ANC, again]})
    assert told(visit, "labs.anc") == [(4, [ANC, again]), (2, [ANC])]
    assert told(visit, "labs[2].value") == [(4, Decimal("1.6"))]


def test_entries_of_a_condition_are_told_together(visit, save):
    absent = {"condition": "infection", "status": "absent"}
    save("history", {"history": [{"condition": "ascites", "status": "absent"}]})
    save("history", {"history": [{"condition": "ascites", "status": "absent"}, absent]})
    assert told(visit, "history.infection") == [(3, [absent])]


def test_confirming_a_list_complete_is_told(visit, save):
    save("therapies", {"therapies": [FIRST_LINE], "reviewed": ["therapies"]})
    save("therapies", {"therapies": [FIRST_LINE]})
    assert told(visit, "reviewed.therapies") == [(3, None), (2, "yes")]


def test_number_of_queries_does_not_grow_with_revisions(visit, save, django_assert_num_queries):
    for ecog in (0, 1, 2, 3):
        save("performance", {"performance": {"ecog": ecog}})
    with django_assert_num_queries(2):
        assert [entry.revision.created_by.username for entry in history_of(visit, "performance.ecog")]


def source(visit, path):
    found = ValueSources(visit.latest_revision()).of(path)
    return found and found.number


def test_source_of_a_value_is_the_revision_that_made_it_what_it_is(visit, save):
    save("performance", {"performance": {"ecog": 0}})
    save("performance", {"performance": {"ecog": 1, "life_expectancy_months": 6}})
    save("performance", {"performance": {"ecog": 1, "life_expectancy_months": 7}})
    assert source(visit, "performance.ecog") == 3
    assert source(visit, "performance.life_expectancy_months") == 4
    assert source(visit, "visit.date") == 1


def test_value_that_is_not_there_has_no_source(visit, save):
    assert source(visit, "performance.ecog") is None
    save("performance", {"performance": {"ecog": 0}})
    save("performance", {"performance": {}})
    assert source(visit, "performance.ecog") is None


def test_source_of_a_record_is_followed_when_others_move_it(visit, save):
    save("therapies", {"therapies": [SECOND_LINE]})
    save("therapies", {"therapies": [FIRST_LINE, SECOND_LINE]})
    assert (source(visit, "therapies[0].name"), source(visit, "therapies[1].name")) == (3, 2)


def test_sources_of_all_values_take_as_many_queries_when_there_are_more_revisions(
    visit, save, django_assert_num_queries
):
    save("therapies", {"therapies": [FIRST_LINE, SECOND_LINE]})
    for ecog in (0, 1, 2, 3):
        save("performance", {"performance": {"ecog": ecog, "life_expectancy_months": 6}})
    sources = ValueSources(visit.latest_revision())
    with django_assert_num_queries(3):
        paths = ("visit.date", "performance.ecog", "performance.life_expectancy_months", "therapies[1].name")
        assert [sources.of(path).number for path in paths] == [1, 6, 3, 2]


@given(parts=st.lists(st.lists(st.sampled_from([FIRST_LINE, SECOND_LINE, ANC, WBC]), max_size=3), max_size=5))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_source_is_the_first_revision_of_the_latest_run_that_holds_the_value(trial, coordinator, parts):
    """As the history of the field tells it, for records and for the results of a test."""
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    for chosen in parts:
        labs = [each for each in chosen if "analyte" in each]
        therapies = [each for each in chosen if "kind" in each]
        for section, part in (("laboratory", {"labs": labs}), ("therapies", {"therapies": therapies})):
            save_section(visit, section, part, visit.latest_revision().number, coordinator, reason="as told")
    sources = ValueSources(visit.latest_revision())
    for path in ("labs.anc", "labs.wbc", "labs[0].value", "therapies[0].name", "therapies[1].kind", "visit.date"):
        latest = next(iter(history_of(visit, path)), None)
        assert sources.of(path) == (latest.revision if latest and not latest.absent else None)
