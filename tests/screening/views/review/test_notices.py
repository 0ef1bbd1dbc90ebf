"""What the decision box names above the decision."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localtime
from pytest_django.asserts import assertContains

from screening.eligibility.assess import assess
from screening.models import Assessment, Confirmation
from screening.visits.consent import add_consent_form_version
from screening.visits.drafts import keep_draft
from screening.visits.save import save_section
from tests.support.answered import WHY
from tests.support.factories import ReferenceRangeFactory
from tests.support.reviewed import PASSWORD, assessed, later_version, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def notices(reviewer, trial, coordinator, cases):
    """The notices of a person, and the page on which they stand."""

    def shown(case="base-man", **parts):
        assessment = assessed(trial, coordinator, cases[case]["document"] | parts)
        response = reviewer.get(reverse("screening:review", args=[assessment.pk]))
        for each in response.context["notices"]:
            assertContains(response, f"<strong>{each.title}</strong>")
        return [tuple(each) for each in response.context["notices"]]

    return shown


@pytest.fixture
def labs(cases):
    return cases["base-man"]["document"]["labs"]


def result(analyte, value, unit, day="2026-03-08", **rest):
    return {"analyte": analyte, "value": value, "unit": unit, "collected": day, **rest}


def day_answered():
    return localtime(Confirmation.objects.latest("pk").created_at).date().isoformat()


def test_nothing_is_named_where_there_is_nothing(notices):
    assert notices() == []


def test_expiry_is_named(notices):
    ((title, words, code),) = notices("base-woman")
    assert (title, code) == ("Expiry", "")
    assert words == "Status valid for a planned first dose until 2026-03-17. After that: I09 not yet known."


def test_findings_that_expired_are_named(notices, on):
    on(date(2026, 3, 18))
    assert notices("base-woman") == [("Expired", "The status was valid until 2026-03-17 only.", "")]


def test_retest_is_named(notices, labs):
    earlier = result("anc", 1, "10*9/L", "2026-03-02")
    assert notices(labs=[earlier, *labs]) == [
        (
            "Retest",
            "2 results of neutrophils. Used: 3.2 ×10⁹/L on 2026-03-08."
            " Would not satisfy the criterion: 1 ×10⁹/L on 2026-03-02.",
            "I08",
        )
    ]


def test_low_clearance_beside_a_good_creatinine_is_named(notices, labs):
    check, (title, words, code) = notices(labs=[*labs, result("creatinine_clearance", 28, "mL/min")])
    assert (check[0], check[2]) == ("Check C15", "I08")
    assert (title, code) == ("Outside its limit", "I08")
    assert words.startswith("creatinine clearance 28 mL/min (limit: at least 60), 2026-03-08; met because of ")
    assert words.endswith("creatinine 78 µmol/L (limit: at most ULN 111), 2026-03-08")


def test_failure_that_may_be_reversed_is_named(notices):
    ((title, words, code),) = notices("I03-ecog-2")
    assert (title, code) == ("Potentially reversible", "I03")
    assert words.startswith("Repeat ECOG performance status.")


def test_failure_for_good_is_not_named(notices, cases):
    history = [row for row in cases["base-man"]["document"]["history"] if row["condition"] != "myocarditis"]
    assert notices(history=[*history, {"condition": "myocarditis", "status": "past"}]) == []


def test_repeat_that_is_due_is_named(notices, cases):
    vitals = cases["base-man"]["document"]["vitals"] | {"systolic_bp": 172}
    words = "Treat the blood pressure, and measure it again"
    assert ("Repeat due", words, "E15") in notices(vitals=vitals)


def test_test_that_counts_from_a_day_only_is_named(notices):
    words = "Do a urine or serum pregnancy test; counts from 2026-03-13"
    assert notices("base-woman", pregnancy_tests=[]) == [("Repeat due", words, "I09")]


def test_doubtful_limit_is_named(notices, trial, administrator):
    ReferenceRangeFactory(trial=trial, created_by=administrator, valid_from="2026-01-01", uln=104)
    ReferenceRangeFactory(trial=trial, created_by=administrator, valid_from="2026-03-05", uln=111, sex="female")
    ((title, words, code),) = notices()
    assert (title, code) == ("Doubtful limit", "")
    assert words.startswith("Creatinine: upper limit of normal: the limit 111 µmol/L is that of another day or sex")


@pytest.mark.parametrize("changes", [{}, {"performance": {"ecog": 2, "life_expectancy_months": 6}}])
def test_check_is_named_with_its_answer_whatever_is_found(notices, cases, coordinator, changes):
    vitals = cases["base-man"]["document"]["vitals"] | {"systolic_bp": 80, "diastolic_bp": 80}
    _title, words, _code = next(each for each in notices(vitals=vitals, **changes) if each[0] == "Check C14")
    assert words.startswith("systolic blood pressure 80 mmHg, diastolic blood pressure 80 mmHg: ")
    assert words.endswith(f"– “{WHY}” ({coordinator.username}, {day_answered()})")


def test_check_that_nobody_answered_is_named(notices, trial, administrator, reviewer):
    shown = notices()
    assert shown == []
    ReferenceRangeFactory(trial=trial, created_by=administrator, uln=60)
    page = reviewer.get(reverse("screening:review", args=[Assessment.objects.get().pk]))
    ((title, words, _code), *_limits) = page.context["notices"]
    assert (title, words.endswith(" – not answered")) == ("Check C12", True)


def test_implausible_value_is_named_with_who_confirmed_it(reviewer, visit, coordinator):
    part = {"vitals": visit.latest_revision().document["vitals"] | {"diastolic_bp": 25}}
    confirmed = ["vitals.diastolic_bp 25 mm[Hg]"]
    revision = save_section(visit, "vitals", part, 1, coordinator, reason="read wrongly", confirmed=confirmed)
    response = reviewer.get(reverse("screening:review", args=[assess(revision, coordinator).pk]))
    (each,) = response.context["notices"]
    assert each.title == "Implausible value"
    assert each.words.startswith("Vital signs: diastolic blood pressure, 25 mmHg: outside what is plausible: ")
    assert each.words.endswith(f" – confirmed ({coordinator.username}, {day_answered()})")


def test_what_was_typed_since_and_not_saved_is_named(trial, coordinator, reviewer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    keep_draft(assessment.revision.visit, "adverse_events", coordinator, 1, "adverse_events-0-term=myocarditis")
    response = reviewer.get(reverse("screening:review", args=[assessment.pk]))
    words = f"{coordinator} has typed something in Adverse events and not saved it"
    assert tuple(response.context["notices"][0]) == ("Not saved", words, "")


def test_outcome_by_the_version_in_force_is_named_where_it_differs(trial, coordinator, reviewer, cases):
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    later_version("2026-03-12")
    response = reviewer.get(reverse("screening:review", args=[assessment.pk]))
    notices = {each.title: (each.words, each.code) for each in response.context["notices"]}
    assert notices["Later version"] == ("by version 2.0, in force today, it would be eligible: I03 met", "I03")


def test_consent_that_is_to_be_renewed_is_named_here_and_before_enrolment(
    trial, coordinator, signer, reviewer, administrator, cases
):
    for version, day in (("1.1", date(2026, 1, 1)), ("1.2", date(2026, 3, 10))):
        add_consent_form_version(trial, administrator, version=version, approved_on=day, valid_from=day)
    document = cases["base-man"]["document"]
    document = document | {"consent": document["consent"] | {"version": "1.1"}}
    assessment = assessed(trial, coordinator, document)
    response = reviewer.get(reverse("screening:review", args=[assessment.pk]))
    assert [each.title for each in response.context["notices"]] == ["Re-consent due"]
    signature = sign(assessment, signer, PASSWORD, "eligible")
    assertContains(reviewer.get(reverse("screening:enrol", args=[signature.pk])), "Re-consent due")
