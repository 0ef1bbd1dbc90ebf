import random
import re
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.vocabulary import Vocabulary
from screening.exports.deidentified.items import Reading, document_items, items_of, reading_of
from screening.exports.deidentified.visits import ExportedVisit
from screening.shared.csv import defuse_formula
from tests.conftest import PROTOCOL, ROOT
from tests.support.random_documents import random_document

WHOLE_DATE = re.compile(r"(18|19|20|21)\d\d-[01]\d")
SECRET = "王小明 of Hangzhou"


def protocol_at(path: Any) -> Protocol:
    return parse_definition(path.read_text(encoding="utf-8"))[1]


@pytest.fixture(scope="module")
def reading() -> Reading:
    return reading_of(protocol_at(PROTOCOL))


@pytest.fixture
def told(reading, cases):
    """Value and unit by item, of a document with some of its parts replaced."""

    def items(**parts: Any) -> dict[str, tuple[str, str]]:
        document = cases["base-man"]["document"] | parts
        return {each.item: (each.value, each.unit) for each in document_items(reading, document)}

    return items


def test_answers_leave_with_their_units_and_dates_as_study_days(told):
    items = told()
    assert items["subject.sex"] == ("male", "")
    assert items["subject.birth_date.age"] == ("64", "a")
    assert items["visit.planned_first_dose_date"] == ("8", "study day")
    assert items["consent.date"] == ("-4", "study day")
    assert items["performance.life_expectancy_months"] == ("6", "mo")
    assert items["therapies[0].agents"] == ("pd1_inhibitor; platinum; other_chemotherapy", "")
    assert items["labs[0].value"] == ("3.2", "10*9/L")
    assert items["labs[0].collected"] == ("-1", "study day")
    assert items["labs[3].uln"] == ("111", "umol/L")
    assert items["history[0].status"] == ("absent", "")
    assert items["concurrent_study"] == ("none", "")


def test_day_of_the_visit_birth_date_and_free_text_stay(told):
    assert not {"visit.date", "subject.birth_date", "lesions[0].site", "therapies[0].name"} & set(told())


def test_sample_without_a_result_says_so_and_keeps_its_words_here(told):
    sample = {"analyte": "anc", "collected": "2026-03-08", "not_done": SECRET, "reported": SECRET, "unit": None}
    items = told(labs=[sample])
    assert {item: value for item, value in items.items() if item.startswith("labs")} == {
        "labs[0].analyte": ("anc", ""),
        "labs[0].collected": ("-1", "study day"),
        "labs[0].not_done": ("yes", ""),
    }
    assert "labs[0].reported" not in told(labs=[{"analyte": "anc", "value": 3, "unit": "10*9/L", "reported": SECRET}])


def test_labels_are_in_words(reading, cases):
    labels = {each.item: each.label for each in document_items(reading, cases["base-man"]["document"])}
    assert labels["labs[0].value"] == "Neutrophils: value"
    assert labels["lesions[0].diameter_mm"] == "Lesion 1: diameter"
    assert labels["subject.birth_date.age"] == "Age at the visit"


@pytest.mark.parametrize(
    ("part", "item", "value"),
    [
        ({"subject": {"birth_date": "1970"}}, "subject.birth_date.age", "from 55 to 56"),
        ({"subject": {"birth_date": "1936"}}, "subject.birth_date.age", "90 or over"),
        ({"subject": {"birth_date": None}}, "subject.birth_date.age", "unknown"),
        ({"subject": {"sex": "unknown"}}, "subject.sex", "unknown"),
        ({"consent": {"date": "2026-02"}}, "consent.date", "from -61 to -1"),
        ({"vaccinations": [{"date": "1930-05-01"}]}, "vaccinations[0].date", "more than 89 years before"),
        ({"therapies": [{"kind": "local_palliative", "agents": []}]}, "therapies[0].agents", "none"),
        ({"therapies": [{"kind": "systemic", "agents": []}]}, "therapies[0].agents", "unknown"),
        ({"reviewed": ["lesions"]}, "consent.signed", "yes"),
    ],
)
def test_what_is_unknown_partial_or_old_is_told_as_such(told, part, item, value):
    assert told(**part)[item][0] == value


@pytest.mark.parametrize(
    "part",
    [
        {"subject": {"sex": SECRET, "nickname": SECRET}},
        {"consent": {"signed": SECRET, "date": SECRET}},
        {"lesions": [{"site": SECRET, "nodal": [SECRET]}, SECRET]},
        {"therapies": [{"name": SECRET, "agents": ["platinum", SECRET], "kind": {SECRET: SECRET}}]},
        {"labs": [{"analyte": "anc", "value": 3, "unit": SECRET}]},
        {"labs": [{"analyte": SECRET, "value": SECRET, "unit": "g/dL", "comparator": SECRET}]},
        {"history": [{"condition": SECRET, "status": SECRET, SECRET: SECRET}]},
        {"concurrent_study": SECRET, "investigator": SECRET, "vitals": [SECRET], "weather": SECRET},
    ],
)
def test_what_is_not_what_its_field_asks_for_stays(reading, cases, part):
    items = list(document_items(reading, cases["base-man"]["document"] | part))
    assert items
    assert SECRET not in repr(items)


def test_field_of_a_type_that_nobody_allowed_stays(reading, cases):
    sex = reading.vocabulary.parts["subject"].fields["sex"]
    invented = sex.model_copy(update={"type": "signature"})
    part = reading.vocabulary.parts["subject"].model_copy(update={"fields": {"sex": invented}})
    section = reading.vocabulary.sections[0].model_copy(update={"parts": (part,)})
    other = Reading(Vocabulary.model_construct(sections=(section,)), reading.births)
    assert list(document_items(other, cases["base-man"]["document"])) == []


def test_without_the_day_of_the_visit_nothing_is_told_of_dates(reading, cases):
    items = {each.item for each in document_items(reading, cases["base-man"]["document"] | {"visit": {"date": None}})}
    assert not [item for item in items if "date" in item or "collected" in item]
    assert "subject.sex" in items


def test_list_that_nobody_confirmed_to_be_complete_is_told(reading, cases):
    document = cases["base-man"]["document"] | {"reviewed": ["lesions"]}
    items = {each.item: each for each in items_of(ExportedVisit("D-0001", 1, "T", document, None, None), reading)}
    assert (items["reviewed.lesions"].value, items["reviewed.therapies"].value) == ("yes", "no")
    assert items["reviewed.lesions"].label == "Lesions that can be measured: is the list complete?"


def test_date_of_birth_is_known_by_the_criteria_whatever_a_trial_calls_it():
    reading = reading_of(protocol_at(ROOT / "tests/data/second_trial.yaml"))
    document = {"visit": {"date": "2026-03-09"}, "person": {"born": "1961-05-20"}}
    (item,) = document_items(reading, document)
    assert (item.item, item.value, item.unit) == ("person.born.age", "64", "a")


def texts_of(reading: Reading, document: dict[str, Any]) -> list[str]:
    """Every text of the document that is a date or free."""
    coded = {code for part in reading.vocabulary.parts.values() for code in choices(part)}
    return [text for text in strings(document) if text not in coded and text != "unknown"]


def choices(part: Any) -> set[str]:
    fields = [part.field] if part.kind == "single" else list(part.fields.values())
    fields += [each for one in getattr(part, "conditions", {}).values() for each in one.details.values()]
    return {code for field in fields for code in field.choices} | {part.key}


def strings(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]
    return [value] if isinstance(value, str) else []


@given(st.randoms(use_true_random=False), st.text(min_size=6, max_size=20))
@settings(deadline=None)
def test_no_date_and_no_free_text_of_a_document_leaves(reading, rng: random.Random, words):
    document = random_document(rng)
    free = {"lesions": "site", "therapies": "name", "adverse_events": "term"}
    for name, key in free.items():
        document[name] = [{key: f"*{words}*"}, *(document[name] if isinstance(document.get(name), list) else [])]
    cells = [tuple(each) for each in document_items(reading, document)]
    values = {value for _, _, value, unit in cells if unit in ("", "a", "study day")}  # a count may look like a year
    assert not [cell for row in cells for cell in row if WHOLE_DATE.search(cell) or f"*{words}*" in cell]
    assert not values & set(texts_of(reading, document))
    assert not [item for item, *_ in cells if item in ("visit.date", "subject.birth_date")]


@given(st.randoms(use_true_random=False))
@settings(deadline=None)
def test_numbers_stay_numbers_in_the_file(reading, rng: random.Random):
    cells = [each.value for each in document_items(reading, random_document(rng))]
    assert [value for value in cells if defuse_formula(value) != value] == []
