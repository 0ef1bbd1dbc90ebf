from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.models import ProtocolVersion
from screening.models import Assessment, Simulation
from tests.support.factories import UserFactory

PAGE = reverse("screening:what-if")


@pytest.fixture
def send(manager, version, django_capture_on_commit_callbacks):
    """Tries values, in the page that shows the version in force."""

    def post(base=None, client=manager, **typed):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(PAGE, {"base": base or version.pk, **typed})

    return post


def test_page_offers_every_parameter_with_its_value_in_force(manager, version):
    response = manager.get(PAGE)
    assertContains(response, "A simulation: nothing of this is a verdict and nothing was changed.")
    for name in version.parameters.values_list("name", flat=True):
        assertContains(response, f'name="to-{name}"', count=1)
    assertContains(response, "1500 /mm³")
    assertContains(response, 'for="id_to-min_anc">Minimum neutrophil count</label>')


def test_page_shows_the_source_of_each_value_in_force(manager, version):
    response = manager.get(PAGE)
    assertContains(response, "Source: ", count=version.parameters.count())
    assertContains(response, f"Source: {version.parameters.get(name='min_anc').source}")


def test_value_is_tried_and_nothing_but_the_report_is_kept(send, screened):
    screened("I03-ecog-2")
    response = send(**{"to-max_ecog": "2"})
    simulation = Simulation.objects.get()
    assertRedirects(response, reverse("screening:simulation", args=[simulation.pk]))
    assert (simulation.values, simulation.filters) == ({"max_ecog": 2}, {"trial": simulation.base.trial.code})
    assert simulation.report.counts["gained"] == 1
    assert (ProtocolVersion.objects.count(), Assessment.objects.count()) == (1, 1)


def test_people_are_filtered_as_in_the_log(send, screened, manager):
    screened("I03-ecog-2")
    send(**{"to-max_ecog": "2", "criterion": "I03", "screened_to": "2026-02-28"})
    simulation = Simulation.objects.get()
    assert simulation.report.people == 0
    assertContains(manager.get(PAGE), "screened to 2026-02-28; criterion not met or present: I03")


def test_window_is_opened_and_one_that_is_open_gets_a_length(send):
    send(**{"open-other_malignancy": "on", "to-lab_max_age": "14"})
    assert Simulation.objects.get().values == {"other_malignancy": "any time", "lab_max_age": 14}


@pytest.mark.parametrize(
    ("typed", "anchor", "message"),
    [
        ({"to-min_anc": "low"}, "id_to-min_anc", "low"),
        ({"to-min_anc": "-1"}, "id_to-min_anc", "-1"),
        ({"to-max_ecog": "1.5"}, "id_to-max_ecog", "1.5"),
        ({"to-min_anc": "any time"}, "id_to-min_anc", "any time"),
        ({"to-other_malignancy": "2", "open-other_malignancy": "on"}, "id_to-other_malignancy", "leave one of the two"),
        ({"to-max_ecog": "2", "screened_from": "14.13.2026"}, "id_screened_from", "not a whole date"),
        ({"to-max_ecog": "2", "criterion": "E99"}, "id_criterion", "none of those in the list"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(send, typed, anchor, message):
    response = send(**{"to-min_age": "21"} | typed)
    assert response.status_code == 422
    assertContains(response, f'<a href="#{anchor}">', status_code=422)
    assertContains(response, f'id="{anchor}_error"', status_code=422)
    assert message in response.content.decode()
    for text in {"21", *typed.values()} - {"on", "E99"}:
        assertContains(response, f'value="{text}"', status_code=422)
    assert not Simulation.objects.exists()


@pytest.mark.parametrize("typed", [{}, {"to-max_ecog": "1"}, {"to-max_ecog": " "}])
def test_nothing_is_tried_where_no_value_differs(send, typed):
    assertContains(send(**typed), "No value differs from the version in force", status_code=422)
    assert not Simulation.objects.exists()


def test_values_that_nobody_could_meet_are_refused_in_words(send):
    response = send(**{"to-min_age": "70", "to-max_age": "60"})
    assert response.status_code == 422
    assertContains(response, "I02", status_code=422)
    assert not Simulation.objects.exists()


def test_values_typed_for_another_version_are_not_tried(send, version):
    response = send(base=2**31 - 1, **{"to-max_ecog": "2"})
    assertContains(response, f"Version {version.number} is in force by now", status_code=422)
    assertContains(response, 'value="2"', status_code=422)
    assert not Simulation.objects.exists()


def test_trial_without_a_version_in_force_has_nothing_to_compare_with(send, manager, trial, on):
    on(date(2020, 1, 1))
    assertContains(manager.get(PAGE), "No version of this trial is in force today")
    assert send(**{"to-max_ecog": "2"}).status_code == 422


def test_earlier_ones_of_everybody_are_listed_in_words(tried, screened, reviewer):
    screened("I03-ecog-2")
    simulation = tried({"max_ecog": Decimal(2), "other_malignancy": None})
    response = reviewer.get(PAGE)
    assertContains(response, reverse("screening:simulation", args=[simulation.pk]))
    assertContains(response, simulation.created_by.username)
    assertContains(response, "<strong>any time</strong>")
    assertContains(response, "1 of 1 status would change: 0 lost, 1 gained; in a criterion 1")
    assertContains(response, "all subjects")


def test_earlier_one_is_taken_up_with_its_values_and_people(tried, manager):
    simulation = tried({"max_ecog": Decimal(2), "other_malignancy": None}, criterion="I03")
    response = manager.get(PAGE, {"like": simulation.pk})
    assertContains(response, 'name="to-max_ecog" value="2"')
    assertContains(response, '<option value="I03" selected>')
    assert response.context["forms"].values["open-other_malignancy"].value() is True


@pytest.mark.parametrize("like", ["0", str(2**31 - 1), "9" * 30, "x", "-1", "\0"])
def test_earlier_one_that_is_not_there_leaves_the_form_blank(manager, version, like):
    assertNotContains(manager.get(PAGE, {"like": like}), "selected>E")


def test_each_trial_has_its_own_parameters(manager, trial, other_trial):
    response = manager.get(PAGE, {"trial": other_trial.code})
    assertContains(response, 'name="to-max_potassium"')
    assertNotContains(response, 'name="to-min_anc"')
    assertContains(response, '<select class="form-select form-select-sm" name="trial"')


def test_trial_that_does_not_exist_is_not_found(manager, trial):
    assert manager.get(PAGE, {"trial": "gold"}).status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_page_asks_the_database_the_same_number_of_times(tried, manager, number, django_assert_num_queries):
    for _each in range(number):
        tried({"max_ecog": Decimal(2)})
    manager.get(PAGE)  # the version is kept from then on
    with django_assert_num_queries(9):
        manager.get(PAGE)


def test_coordinator_is_denied_a_simulation(version):
    coordinator = Client()
    coordinator.force_login(UserFactory(role="coordinator"))
    assert coordinator.post(PAGE, {"base": version.pk, "to-max_ecog": "2"}).status_code == 403
    assert not Simulation.objects.exists()
