from datetime import date

import pytest

from criteria.versions.versions import load_definition, protocol_of
from screening.amendments.parameter_history import parameter_history
from screening.amendments.version_text import version_text
from tests.conftest import ROOT
from tests.support.approved import approved

DAY, LATER, TODAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def amended(version, administrator, investigator):
    """Neutrophils lowered in 2.0; something else, with the ECOG gone, in 3.0."""
    second = approved(version, "2.0", DAY, administrator, investigator, {"min_anc": 1000, "max_ecog": 2})
    return approved(second, "3.0", LATER, administrator, investigator, {"min_platelets": 90000}, without="max_ecog")


def told(trial, name):
    steps = parameter_history(trial, name, TODAY)
    return [(step.state.version.number, step.parameter and step.parameter.value, step.change) for step in steps]


def test_value_is_followed_through_all_versions_the_latest_first(version, amended):
    assert told(amended.trial, "min_anc") == [
        ("3.0", "1000 /mm³", "unchanged"),
        ("2.0", "1000 /mm³", "changed"),
        (version.number, "1500 /mm³", "first"),
    ]


def test_source_of_each_version_is_told_and_a_new_one_is_a_change(version, administrator, investigator):
    cited = {"min_anc": "Amendment 1, page 34"}
    amended = approved(version, "2.0", DAY, administrator, investigator, {"max_ecog": 2}, sources=cited)
    steps = parameter_history(amended.trial, "min_anc", TODAY)
    assert [(step.parameter.source, step.change) for step in steps] == [
        ("Amendment 1, page 34", "changed"),
        (version.parameters.get(name="min_anc").source, "first"),
    ]


def test_change_carries_the_reasons_of_its_amendment_alone(amended, administrator):
    _third, second, first = parameter_history(amended.trial, "min_anc", TODAY)
    assert [(each.reason, each.created_by) for each in second.reasons] == [("reason for min_anc", administrator)]
    assert second.state.approval.printed_name == "Dr. Li Na"
    assert not first.reasons
    assert first.state.approval is None


def test_parameter_that_a_file_took_away_is_said_not_to_be_there(amended):
    third, second, _first = parameter_history(amended.trial, "max_ecog", TODAY)
    assert (third.parameter, third.change, second.change) == (None, "removed", "changed")
    assert [each.reason for each in third.reasons] == ["a new file"]


def test_parameter_of_another_trial_has_no_history_here(amended):
    other_trial = load_definition((ROOT / "tests/data/hypertension.yaml").read_text())[0].trial
    assert parameter_history(other_trial, "min_anc", TODAY) == []
    assert len(parameter_history(other_trial, "max_potassium", TODAY)) == 1


def test_file_is_no_reason_for_what_it_left_as_it_was(amended, administrator, investigator):
    approved(amended, "4.0", date(2026, 4, 15), administrator, investigator, {"min_anc": 1200}, without="max_systolic")
    latest, *_others = parameter_history(amended.trial, "min_anc", TODAY)
    assert [each.reason for each in latest.reasons] == ["reason for min_anc"]


def test_what_was_permitted_is_told_as_the_version_itself_tells_it(version):
    for text in version_text(protocol_of(version)).parameters:
        (step,) = parameter_history(version.trial, text.name, TODAY)
        assert step.parameter.permitted == text.permitted


def test_window_that_may_be_open_says_so_and_another_number_does_not(version):
    (window,), (number,) = (
        parameter_history(version.trial, name, TODAY) for name in ("arterial_thrombosis", "min_anc")
    )
    assert window.parameter.permitted == "1 to 48 months, or any time"
    assert "any time" not in number.parameter.permitted


def test_history_takes_four_queries_however_many_versions(amended, django_assert_num_queries):
    parameter_history(amended.trial, "min_anc", TODAY)  # the versions are read
    with django_assert_num_queries(4):
        parameter_history(amended.trial, "min_anc", TODAY)
