"""What can be read of a document while somebody types."""

import random
from copy import deepcopy

from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.vocabulary import validate
from screening.views.visits.preview_document import build_preview_document
from tests.conftest import PROTOCOL
from tests.support.random_documents import random_document

VISIT = {"date": "2026-03-09", "planned_first_dose_date": "2026-03-16"}
ANC = {"analyte": "anc", "value": 2, "unit": "10*9/L", "collected": "2026-03-08"}
JUNK = ["", "soon", "1,49", -3, "2026-13", {}, [], "11010519491231002X"]

VOCABULARY = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary


def read(document, saved=None, unclear=()):
    found = build_preview_document(VOCABULARY, {"visit": VISIT} | document, {"visit": VISIT} | (saved or {}), unclear)
    return {key: value for key, value in found.document.items() if key != "visit"}, found


def test_document_without_fault_is_read_as_it_is(cases):
    for case in cases.values():
        found = build_preview_document(VOCABULARY, case["document"], case["document"])
        assert (found.document, found.faults) == (case["document"], ())


def test_value_that_is_wrong_is_left_out_and_the_rest_is_read():
    document, found = read({"vitals": {"weight_kg": "sixty", "height_cm": 170}})
    assert document == {"vitals": {"height_cm": 170}}
    assert [fault.path for fault in found.faults] == ["vitals.weight_kg"]


def test_row_that_lacks_what_it_must_have_is_left_out_and_its_place_is_remembered():
    half, wrong = {"analyte": "ast", "value": 31}, ANC | {"value": "much"}
    document, found = read({"labs": [half, wrong, ANC]})
    assert document == {"labs": [ANC]}
    assert found.entered_path("labs[0].value") == "labs[2].value"
    assert found.entered_path("vitals.weight_kg") == "vitals.weight_kg"
    assert {fault.path for fault in found.faults} == {"labs[0].unit", "labs[0].collected", "labs[1].value"}


def test_list_is_no_longer_complete_when_a_row_of_it_cannot_be_read():
    """Otherwise what cannot be read would prove that there is nothing."""
    vocabulary = parse_definition((PROTOCOL.parents[2] / "tests/data/hypertension.yaml").read_text())[1].vocabulary
    document = {"visit": {"date": "2026-03-09"}, "measurements": [{"systolic": 150}], "reviewed": ["measurements"]}
    found = build_preview_document(vocabulary, document, {"visit": {"date": "2026-03-09"}})
    assert found.document == {"visit": {"date": "2026-03-09"}, "measurements": [], "reviewed": []}


def test_wrong_value_of_a_record_leaves_its_list_complete():
    document, _found = read({"therapies": [{"kind": "systemic", "end_date": "soon"}], "reviewed": ["therapies"]})
    assert document == {"therapies": [{"kind": "systemic"}], "reviewed": ["therapies"]}


def test_day_of_the_visit_stays_as_it_was_saved_while_it_is_wrong():
    found = build_preview_document(VOCABULARY, {"visit": {"date": "tomorrow"}}, {"visit": VISIT})
    assert found.document == {"visit": {"date": "2026-03-09"}}
    found = build_preview_document(VOCABULARY, {}, {"visit": VISIT})
    assert found.document == {"visit": {"date": "2026-03-09"}}


def test_row_whose_number_has_two_meanings_is_left_out():
    document, found = read({"labs": [ANC, ANC]}, unclear=["labs[0]"])
    assert document == {"labs": [ANC]}
    assert found.entered_path("labs[0].value") == "labs[1].value"
    assert found.faults == ()


def test_nothing_is_read_where_a_visit_has_no_day_at_all():
    assert build_preview_document(VOCABULARY, {"vitals": {}}, {}) is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), damage=st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(JUNK)), max_size=8))
def test_what_is_read_is_always_valid_and_holds_nothing_that_was_not_typed_or_saved(seed, damage):
    saved = random_document(random.Random(seed))
    typed = deepcopy(saved)
    for at, junk in damage:
        spoil(typed, random.Random(at), junk)
    found = build_preview_document(VOCABULARY, typed, saved)
    assert found is not None
    assert validate(VOCABULARY, found.document) == ()
    if not found.faults:
        assert found.document == typed
    for key, indexes in found.entered_indexes.items():
        assert len(indexes) == len(found.document.get(key, indexes))


def spoil(document, rng, junk):
    """Puts junk in place of one value of a group or a record."""
    places = [value for key, value in document.items() if isinstance(value, dict)]
    places += [
        record for value in document.values() if isinstance(value, list) for record in value if isinstance(record, dict)
    ]
    place = rng.choice(places)
    if place:
        place[rng.choice(sorted(place))] = junk
