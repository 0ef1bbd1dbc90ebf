from datetime import date

import pytest
from django.http import QueryDict

from criteria.versions.versions import load_definition
from screening.log.filter import DECISIONS, LOG_SORTS, OUTCOMES, LogFilter
from screening.models import SubjectStatus
from screening.views.log.forms import LogForm
from tests.conftest import PROTOCOL
from tests.support.factories import StandingFactory, SubjectFactory, UserFactory

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"


@pytest.fixture
def screened(trial) -> SubjectStatus:
    """One person, last saved by li."""
    return StandingFactory(subject=SubjectFactory(trial=trial), coordinator=UserFactory(username="li"))


@pytest.fixture
def other_trial(db):
    return load_definition(HYPERTENSION.read_text())[0].trial


@pytest.fixture
def form(trial):
    return lambda address="": LogForm(QueryDict(address), [trial])


def choices(form: LogForm, name: str) -> list[str]:
    return [code for code, _label in form.fields[name].choices if code]


def test_address_without_anything_shows_everybody_in_the_order_of_registration(form):
    assert form().selected_filter() == LogFilter()
    assert form().is_valid()
    assert not form().is_narrowed


def test_address_says_everything_that_is_chosen(form, screened):
    address = (
        "screened_from=2026-03-01&screened_to=2026-03-31&outcome=ineligible&criterion=E04&decision=failure"
        "&version=1.5&coordinator=li&sort=-visit_date&page=after~1~2"
    )
    assert form(address).selected_filter() == LogFilter(
        screened_from=date(2026, 3, 1),
        screened_to=date(2026, 3, 31),
        outcome="ineligible",
        criterion="E04",
        decision="failure",
        version="1.5",
        coordinator="li",
        sort="-visit_date",
    )


@pytest.mark.parametrize(
    ("name", "value", "label", "message"),
    [
        ("screened_from", "2026-13-01", "Screened from", "This is not a whole date such as 2026-03-14."),
        ("screened_to", "31.13.2026", "Screened to", "This is not a whole date such as 2026-03-14."),
        ("screened_to", "2026-03", "Screened to", "This is not a whole date such as 2026-03-14."),
        ("outcome", "gold", "Status", "This is none of those in the list."),
        ("criterion", "E4", "Criterion not met or present", "This is none of those in the list."),
        ("criterion", "E04|E05", "Criterion not met or present", "This is none of those in the list."),
        ("decision", "Failure", "Decision", "This is none of those in the list."),
        ("version", "9", "Protocol version", "This is none of those in the list."),
        ("coordinator", "wang", "Coordinator", "This is none of those in the list."),
        ("sort", "password", "Order", "This is none of those in the list."),
    ],
)
def test_value_that_makes_no_sense_is_named_and_filters_nothing(form, screened, name, value, label, message):
    found = form(f"{name}={value}")
    assert found.selected_filter() == LogFilter()
    assert [tuple(fault) for fault in found.faults] == [(f"id_{name}", label, value, message)]
    assert not found.is_narrowed


def test_null_character_filters_nothing(form):
    found = form("coordinator=%00&criterion=%00&screened_from=%00&version=%00")
    assert found.selected_filter() == LogFilter()
    assert len(found.faults) == 4


def test_last_day_before_the_first_is_refused_by_name(form):
    found = form("screened_from=2026-03-09&screened_to=2026-03-08")
    assert found.selected_filter() == LogFilter(screened_from=date(2026, 3, 9))
    assert [(fault.label, fault.value) for fault in found.faults] == [("Screened to", "2026-03-08")]
    assert form("screened_from=2026-03-09&screened_to=2026-03-09").is_valid()


def test_whatever_the_log_can_be_filtered_by_is_offered(form, screened):
    found = form()
    assert choices(found, "outcome") == list(OUTCOMES)
    assert choices(found, "decision") == list(DECISIONS)
    assert len(choices(found, "criterion")) == 42
    assert choices(found, "version") == ["1.5"]
    assert choices(found, "coordinator") == ["li"]


def test_criteria_are_offered_with_what_they_say(form):
    labels = dict(form().fields["criterion"].choices)
    assert labels["I03"] == "I03 ECOG performance status 0 or 1"
    assert all(len(label) <= 64 for label in labels.values())


@pytest.mark.parametrize("sort", LOG_SORTS)
def test_every_order_is_offered_both_ways_and_named(form, sort):
    for order in (sort, f"-{sort}"):
        found = form(f"sort={order}")
        assert found.selected_filter().sort == order
        assert str(found.order_text)


def test_trial_is_asked_only_when_there_are_several(form, trial, other_trial):
    assert "trial" not in form(f"trial={other_trial.code}").fields
    several = [trial, other_trial]
    assert LogForm(QueryDict(), several).selected_filter().trial == trial.code
    other = LogForm(QueryDict(f"trial={other_trial.code}"), several, other_trial)
    assert other.selected_filter().trial == other_trial.code
    assert "E04" in dict(LogForm(QueryDict(), several).fields["criterion"].choices)
    assert "E04" not in dict(other.fields["criterion"].choices)
    assert LogForm(QueryDict("trial=gold"), several).selected_filter().trial == trial.code


@pytest.mark.django_db
def test_form_without_any_trial_offers_nothing():
    assert LogForm(QueryDict("criterion=E04"), []).selected_filter() == LogFilter()


def test_address_keeps_what_makes_sense_and_starts_at_the_first_page(form):
    found = form("outcome=ineligible&criterion=gold&screened_from=2026-03-01&page=after~1~2")
    assert QueryDict(found.address(sort="visit_date")[1:]).dict() == {
        "outcome": "ineligible",
        "screened_from": "2026-03-01",
        "sort": "visit_date",
    }
    assert found.unfiltered_address() == "?"
    assert form("outcome=ineligible&sort=-visit_date").unfiltered_address() == "?sort=-visit_date"
