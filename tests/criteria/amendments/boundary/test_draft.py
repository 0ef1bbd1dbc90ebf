"""What a draft says, the reader of documents understands."""

from decimal import Decimal

import pytest

from criteria.amendments.boundary.draft import DocumentDraft, Slot
from criteria.rules.dates import parse_date
from tests.criteria.amendments.boundary.amended import FILES, edition

DAY = "2027-08-31"


@pytest.fixture
def draft() -> DocumentDraft:
    return DocumentDraft(edition("oesophagus").protocol, DAY)


@pytest.mark.parametrize("trial", FILES)
def test_a_draft_that_says_nothing_is_a_valid_document(trial):
    protocol = edition(trial).protocol
    assert protocol.validate(DocumentDraft(protocol, DAY).document()) == ()


@pytest.mark.parametrize("trial", FILES)
def test_every_fact_that_must_say_something_does(trial):
    protocol = edition(trial).protocol
    draft = DocumentDraft(protocol, DAY).with_required(*((None, path) for path in protocol.schema.facts))
    document = draft.document()
    assert protocol.validate(document) == ()
    values = protocol.reader.read(document).values
    assert set(protocol.schema.facts) == set(values)


@pytest.mark.parametrize("trial", FILES)
def test_a_record_of_every_list_is_valid(trial):
    protocol = edition(trial).protocol
    for name, kind in protocol.schema.records.items():
        slot = Slot(name)
        draft = DocumentDraft(protocol, DAY).with_slot(slot).with_required(*((slot, field) for field in kind.fields))
        assert protocol.validate(draft.document()) == ()
        (record,) = protocol.reader.read(draft.document()).records[name]
        assert {field for field, fact in kind.fields.items() if fact.kind != "text"} <= set(record)


def test_a_result_is_read_back_in_its_unit(draft):
    place = (None, "labs.anc")
    document = draft.in_unit(place, "/mm3").with_value(place, Decimal(1500)).document()
    assert document["labs"] == [{"analyte": "anc", "value": 1500, "unit": "/mm3", "collected": DAY}]
    found = draft.protocol.reader.read(document).values
    assert (found["labs.anc"].low, found["labs.anc.collected"]) == (Decimal("1.5"), parse_date(DAY))


def test_a_result_without_its_value_or_day_is_none(draft):
    place, day = (None, "labs.ast"), (None, "labs.ast.collected")
    said = draft.with_required(place, (None, "labs.ast.uln"))
    assert "labs" in said.document()
    assert "labs" not in said.without_value(place).document()
    assert "labs" not in said.without_value(day).document()


def test_codes_that_contradict_each_other_are_refused(draft):
    place = (None, "subject.sex")
    women = draft.with_codes(place, ["female"], held=True)
    assert women.document()["subject"] == {"sex": "female"}
    assert women.with_codes(place, ["female"], held=False) is None


def test_a_set_of_codes_holds_what_it_must_and_not_what_it_must_not(draft):
    slot = Slot("therapies")
    place = (slot, "agents")
    said = draft.with_slot(slot).with_set(place, ["platinum"], ["pd1_inhibitor"])
    assert said.document()["therapies"] == [{"agents": ["platinum"]}]
    assert said.with_set(place, ["pd1_inhibitor"], []) is None


def test_numbers_are_as_plausible_as_they_are_declared(draft):
    assert draft.usual((None, "vitals.weight_kg")) == 100
    assert draft.usual((None, "labs.haemoglobin")) == 10
    assert draft.in_unit((None, "labs.creatinine"), "mg/dL").usual((None, "labs.creatinine")) == 1
