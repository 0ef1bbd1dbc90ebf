from datetime import date, timedelta

import pytest
from django.utils import timezone

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.models import ConsentFormVersion
from screening.visits.consent import (
    add_consent_form_version,
    consent_checks,
    consent_forms_by_trial,
    consent_forms_of,
    last_consent,
    reconsent_text,
)

TODAY = date(2026, 6, 1)


@pytest.fixture
def add(trial, administrator):
    """Records a version that is used from a day on."""

    def enter(number: str, first: str, **said) -> ConsentFormVersion:
        days = {"approved_on": date.fromisoformat(first), "valid_from": date.fromisoformat(first)}
        return add_consent_form_version(trial, administrator, **({"version": number} | days | said))

    return enter


@pytest.fixture
def forms(add, trial):
    """Version 1.0 from January, 2.0 from April 2026 on."""
    add("1.0", "2026-01-01")
    add("2.0", "2026-04-01")
    return consent_forms_of(trial)


def document(version="1.0", day="2026-03-05", *again):
    return {
        "consent": {"signed": "yes", "date": day, "version": version},
        "reconsents": [{"version": version, "date": day} for version, day in again],
    }


@pytest.fixture
def protocol(version):
    return protocol_of(version)


@pytest.fixture
def asked(forms, protocol):
    """Returns the checks that a document with these consents raises."""
    return lambda *said: consent_checks(forms, protocol, document(*said))


# Versions


def test_version_in_force_is_the_last_whose_day_has_come(forms):
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [(found := forms.in_force(day)) and found.version for day in days] == [None, "1.0", "1.0", "2.0"]


def test_further_record_of_a_version_corrects_it_and_the_first_stays(add, trial):
    first = add("1.0", "2026-01-01")
    corrected = add("1.0", "2026-01-15", note="the committee's letter says so")
    assert consent_forms_of(trial).rows == (first, corrected)
    assert consent_forms_of(trial).approved_versions == (corrected,)
    add("1.0", "2026-01-15", in_error=True, note="another trial's")
    assert consent_forms_of(trial).approved_versions == ()


def test_of_two_versions_with_one_first_day_the_later_recorded_stays_current_when_the_other_is_corrected(add, trial):
    add("1.0", "2026-01-01")
    add("1.1", "2026-01-01")
    add("1.0", "2026-01-01", approved_on=date(2025, 12, 20), note="the committee's letter says so")
    found = consent_forms_of(trial)
    assert [row.version for row in found.approved_versions] == ["1.0", "1.1"]
    assert found.in_force(TODAY).version == "1.1"


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"version": " "}, "version", "as it is printed on the form"),
        ({"version": "v" * 41}, "version", "at most 40 characters"),
        ({"version": "138 0013 8000"}, "version", "phone number"),
        ({"approved_on": None}, "approved_on", "is required"),
        ({"valid_from": None}, "valid_from", "is required"),
        ({"valid_from": date(2025, 12, 31)}, "valid_from", "lies before the day of approval, 2026-01-01"),
        ({"version": "3.0", "in_error": True}, "in_error", "no such version was recorded before"),
        ({"note": ""}, "note", "say why it is recorded again"),
        ({"note": "n" * 201}, "note", "at most 200 characters"),
    ],
)
def test_nothing_is_recorded_when_a_version_is_faulty(add, said, field, message):
    add("1.0", "2026-01-01")
    with pytest.raises(BadDocument) as refused:
        add("1.0", "2026-01-01", **({"note": "why"} | said))
    assert [fault.path for fault in refused.value.faults] == [field]
    assert message in refused.value.faults[0].message
    assert ConsentFormVersion.objects.count() == 1


def test_approval_in_the_future_is_refused(add):
    tomorrow = timezone.localdate() + timedelta(1)
    with pytest.raises(BadDocument, match="lies in the future"):
        add("1.0", tomorrow.isoformat())
    add("1.0", timezone.localdate().isoformat(), valid_from=tomorrow)


def test_versions_of_several_trials_take_one_query(forms, trial, django_assert_num_queries):
    with django_assert_num_queries(1):
        (found,) = consent_forms_by_trial([trial]).values()
    assert found.approved_versions == forms.approved_versions


# What is asked


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (("1.0", "2026-03-05"), ""),
        (("1.0", "2026-03-31"), ""),
        (("1.0", "2026-04-01"), "consent.version"),  # replaced by then
        (("1.0", "2026-04"), "consent.version"),
        (("1.0", "2026"), ""),
        (("1.0", None), ""),
        (("1.0", "2025-12-31"), "consent.version"),
        (("unknown", "2026-03-05"), ""),
        (("1.1", "2026-03-05"), "consent.version"),
        (("2.0", "2026-03-31"), "consent.version"),
        (("2.0", "2026-04-01"), ""),
        (("2.0", "2026"), ""),
        (("2.0", "2026-03"), "consent.version"),
        (("2.0", None), ""),
        (("1.0", "2026-03-05", ("2.0", "2026-03-31")), "reconsents[0].version"),
        (("1.0", "2026-03-05", ("2.0", "2026-04-02"), ("4", "2026-04-03")), "reconsents[1].version"),
        (("1.0", "2026-03-05", ("1.0", "2026-04-02")), "reconsents[0].version"),
    ],
)
def test_version_is_asked_when_it_was_not_the_one_in_use_on_the_day(asked, said, path):
    assert [check.path for check in asked(*said)] == ([path] if path else [])


@pytest.mark.parametrize(
    ("said", "text", "paths"),
    [
        (
            ("1.1", "2026-03-05"),
            "version 1.1, consent of 2026-03-05: This is none of the approved versions of the consent form: 1.0, 2.0.",
            ("consent.version",),
        ),
        (
            ("2.0", "2026-03-05"),
            "version 2.0, consent of 2026-03-05: This version of the consent form is in use from 2026-04-01 on, and"
            " the consent is older.",
            ("consent.version", "consent.date"),
        ),
        (
            ("1.0", "2026-04-05"),
            "version 1.0, consent of 2026-04-05: Version 2.0 of the consent form was in use by then, from 2026-04-01"
            " on.",
            ("consent.version", "consent.date"),
        ),
        (
            ("1.1", None),
            "version 1.1, consent of an unknown day: This is none of the approved versions of the consent form: 1.0,"
            " 2.0.",
            ("consent.version",),
        ),
    ],
)
def test_check_names_what_was_typed_what_would_fit_and_the_criterion(asked, said, text, paths):
    (check,) = asked(*said)
    assert (check.text, check.paths, check.code, check.criteria) == (text, paths, "consent", ("I01",))
    assert (check.title, check.needs_reason) == ("Consent form version", True)


def test_key_is_that_of_the_content_wherever_the_record_is_in_its_list(asked):
    (first,) = asked("1.0", "2026-03-05", ("4", "2026-04-03"))
    (moved,) = asked("1.0", "2026-03-05", ("2.0", "2026-04-02"), ("4", "2026-04-03"))
    (later,) = asked("1.0", "2026-03-05", ("4", "2026-04-04"))
    (given,) = asked("4", "2026-04-03")
    assert first.key == moved.key
    assert len({first.key, later.key, given.key}) == 3


def test_answer_holds_when_a_further_version_is_approved(asked, add, trial, protocol):
    (before,) = asked("1.1")
    add("3.0", "2026-06-01")
    (after,) = consent_checks(consent_forms_of(trial), protocol, document("1.1"))
    assert before.message != after.message
    assert before.key == after.key


def test_nothing_is_asked_while_no_version_is_recorded(trial, protocol):
    assert consent_checks(consent_forms_of(trial), protocol, document("1.1")) == ()


@pytest.mark.parametrize("content", [None, [], "consent", {"consent": "unknown"}, {"consent": {"version": 1}}])
def test_document_without_a_consent_is_asked_nothing(forms, protocol, content):
    assert consent_checks(forms, protocol, content) == ()
    assert reconsent_text(forms, content, TODAY) == ""


# When a re-consent is due


@pytest.mark.parametrize(
    ("said", "due"),
    [
        (("1.0", "2026-03-05"), True),
        (("1.0", "2026-05-05"), True),  # by the earlier form, when the later one was in use
        (("2.0", "2026-05-05"), False),
        (("1.0", "2026-03-05", ("2.0", "2026-04-02")), False),
        (("1.0", "2026-03-05", ("2.0", None)), True),  # nobody knows when
        (("1.0", "2026-03-05", ("1.0", "2026-04-02")), True),
        (("unknown", "2026-03-05"), True),
        (("unknown", "2026-05-05"), False),
        (("unknown", "2026"), False),
        ((None, None), False),
    ],
)
def test_reconsent_is_due_when_a_newer_version_is_in_use_than_the_last_consent_is_by(forms, said, due):
    assert bool(reconsent_text(forms, document(*said), TODAY)) == due


def test_reconsent_is_not_due_before_the_newer_version_is_in_use(forms):
    assert reconsent_text(forms, document(), date(2026, 3, 31)) == ""
    assert reconsent_text(forms, document(), date(2026, 4, 1)) == (
        "Version 2.0 of the consent form is in use from 2026-04-01 on; the last consent is by version 1.0,"
        " of 2026-03-05, and no re-consent is recorded."
    )


def test_last_consent_is_that_of_the_latest_day(forms):
    given = last_consent(document("1.0", "2026-03-05", ("2.0", "2026-05-01"), ("1.0", "2026-04-01")))
    assert (given.path, given.version, given.day_text) == ("reconsents[0]", "2.0", "2026-05-01")
