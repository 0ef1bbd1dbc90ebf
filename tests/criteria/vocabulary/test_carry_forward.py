import random

import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary import validate
from criteria.vocabulary.carry_forward import entries_asked_anew, stable_part
from tests.support.documents import add, changed, history, put, records
from tests.support.random_documents import random_document

PERISHABLE = ("labs", "performance", "vitals", "pregnancy_tests", "imaging", "infections", "medication", "consent")


def carried(protocol, document):
    return {
        key: value for section in protocol.vocabulary.sections for key, value in stable_part(section, document).items()
    }


def test_history_diagnosis_and_therapies_carry_over(protocol, man):
    found = carried(protocol, man)
    assert found["subject"] == man["subject"]
    assert found["disease"] == man["disease"]
    conditions = protocol.vocabulary.parts["history"].conditions
    assert found["history"] == [each for each in man["history"] if not conditions[each["condition"]].perishable]
    assert found["therapies"][0]["end_date"] == man["therapies"][0]["end_date"]


@pytest.mark.parametrize("key", [*PERISHABLE, "reproductive", "concurrent_study", "investigator", "visit", "reviewed"])
def test_what_perishes_is_asked_anew(protocol, woman, key):
    assert key in woman or key == "medication"
    assert key not in carried(protocol, woman)


def test_records_lose_only_what_perishes(protocol):
    event = {"term": "rash", "organ_system": "skin", "max_grade": 3, "current_grade": 0, "during_pd1": "yes"}
    found = carried(protocol, changed(records("adverse_events", event)))
    assert found["adverse_events"] == [{key: value for key, value in event.items() if key != "current_grade"}]


def test_a_condition_keeps_its_status_and_loses_its_present_state(protocol):
    entry = {"status": "past", "systemic_treatment": "systemic", "treatment_ongoing": "no", "date": "2026-02"}
    found = carried(protocol, changed(history("autoimmune_disease", entry)))
    kept = {"condition": "autoimmune_disease", "status": "past", "systemic_treatment": "systemic", "date": "2026-02"}
    assert kept in found["history"]


def test_a_perishable_condition_is_asked_anew_with_what_was_known_of_it(protocol):
    entry = {"status": "past", "significant": "yes", "date": "2026-02"}
    document = changed(history("bleeding_event", entry), history("ascites", {"status": "unknown"}))
    section = protocol.vocabulary.section("history")
    known = entries_asked_anew(section, document)["history"]
    assert {"condition": "bleeding_event"} | entry in known
    told, kept = ({each["condition"] for each in found} for found in (known, stable_part(section, document)["history"]))
    assert "ascites" not in told | kept
    assert not told & kept
    assert told | kept | {"ascites"} == {each["condition"] for each in document["history"]}


def test_what_was_not_known_does_not_carry_over(protocol):
    document = changed(
        history("ascites", {"status": "unknown"}),
        put(subject__birth_date="unknown", disease=None),
        records("procedures", {"kind": "unknown"}),
        add("vaccinations", {"planned": "yes"}),
    )
    found = carried(protocol, document)
    assert "birth_date" not in found["subject"]
    assert "ascites" not in [entry["condition"] for entry in found["history"]]
    assert not {"disease", "procedures", "vaccinations"} & found.keys()


def test_a_vocabulary_that_declares_nothing_perishable_carries_all_but_the_visit(second):
    document = {
        "visit": {"date": "2026-03-09"},
        "smoker": "no",
        "blood": [{"analyte": "hba1c", "value": 7, "unit": "%", "collected": "2026-03-08"}],
    }
    assert carried(second, document) == {"smoker": "no", "blood": document["blood"]}


@given(st.integers(0, 2**32))
def test_what_carries_over_is_sound_and_was_there(protocol, seed):
    document = random_document(random.Random(seed))
    found = carried(protocol, document)
    assert not validate(protocol.vocabulary, {"visit": {"date": document["visit"]["date"]}} | found)
    for key, value in found.items():
        assert value
        if isinstance(value, dict):
            assert value.items() <= document[key].items()
    again = carried(protocol, found)
    assert again == found
