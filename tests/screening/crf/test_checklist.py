import pytest
from django.template.loader import render_to_string

from screening.crf import SectionForm, add_blank_row
from tests.support.submission import submitted

BLEED = {"condition": "bleeding_event", "status": "past", "date": "2025", "significant": "yes"}
KEPT = {"condition": "infection", "status": "absent", "date": "2024", "severe": "no"}


@pytest.fixture
def section(vocabulary):
    return vocabulary.section("history")


def index_of(section, document, code):
    rows = SectionForm(section, document).parts[0].rows
    return next(index for index, row in enumerate(rows) if row.code == code)


def sent(section, document, code, **typed):
    """The section's document once the first entry of a condition has been changed."""
    index = index_of(section, document, code)
    data = submitted(SectionForm(section, document))
    data.update({f"history-{index}-{name}": text for name, text in typed.items()})
    return SectionForm(section, document, data).document


def test_condition_that_was_not_asked_has_nothing_chosen(section):
    part = SectionForm(section, {}).parts[0]
    assert 'name="history-0-status"' in render_to_string("crf/checklist.html", {"part": part})
    assert " checked" not in render_to_string("crf/status.html", {"field": part.rows[0]["status"]})


def test_condition_that_is_not_known_is_kept_as_asked(section):
    found = sent(section, {}, "myocarditis", status="unknown")
    assert found == {"history": [{"condition": "myocarditis", "status": "unknown"}]}


def test_details_go_with_a_status_that_opens_them(section):
    found = sent(section, {}, "bleeding_event", status="current", date="2026-03", significant="yes")
    assert found == {"history": [BLEED | {"status": "current", "date": "2026-03"}]}


@pytest.mark.parametrize("status", ["absent", "unknown"])
def test_details_are_dropped_when_the_status_closes_them(section, status):
    found = sent(section, {"history": [BLEED]}, "bleeding_event", status=status)
    assert found == {"history": [{"condition": "bleeding_event", "status": status}]}


def test_stored_details_are_kept_when_the_stored_status_stands(section):
    assert sent(section, {"history": [KEPT]}, "infection") == {"history": [KEPT]}


def test_details_without_a_status_are_not_dropped_in_silence(section):
    assert sent(section, {}, "infection", severe="yes") == {"history": [{"condition": "infection", "severe": "yes"}]}


def test_condition_can_have_another_entry_which_can_be_removed(section):
    stored = {"history": [BLEED]}
    data = add_blank_row(submitted(SectionForm(section, stored)), "history.bleeding_event")
    index = int(data["history-rows"]) - 1
    data[f"history-{index}-status"] = "current"
    both = SectionForm(section, stored, data).document
    assert both == {"history": [BLEED, {"condition": "bleeding_event", "status": "current"}]}
    data = submitted(SectionForm(section, both), history__1__REMOVE="on")
    assert SectionForm(section, both, data).document == stored


def test_entry_of_a_condition_that_does_not_exist_is_left_out(section):
    assert sent(section, {}, "infection", CODE="ennui", status="current") == {}
