"""What some trials ask of results in the grid: the lower limit of normal, every result."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from criteria.definition.reader import parse_definition
from screening.crf import SectionForm
from screening.crf.laboratory import Laboratory
from screening.models import ReferenceRange
from screening.visits.reference_ranges import Ranges
from tests.conftest import ROOT
from tests.support.submission import submitted


@pytest.fixture(scope="module")
def section():
    text = (ROOT / "tests/data/facts.yaml").read_text(encoding="utf-8")
    return parse_definition(text)[1].vocabulary.section("laboratory")


def filled(section, laboratory=None, stored=(), **typed):
    blank = SectionForm(section, {"labs": list(stored)}, laboratory=laboratory)
    row = next(index for index, row in enumerate(blank.parts[0].rows) if row.code == "fibrinogen")
    data = submitted(blank)
    data.update({f"labs-{row}-{name}": text for name, text in typed.items()})
    return SectionForm(section, {"labs": list(stored)}, data, laboratory=laboratory), row


def test_a_test_that_asks_for_it_has_an_input_for_it_and_no_other(section):
    rows = {row.code: [*row.questions] for row in SectionForm(section, {}).parts[0].rows}
    assert rows["fibrinogen"] == ["value", "unit", "collected", "lln"]
    assert "lln" not in rows["platelets"]
    (row,) = (row for row in SectionForm(section, {}).parts[0].rows if row.code == "fibrinogen")
    assert row.fields["lln"].widget.attrs["placeholder"] == "LLN"
    assert rows["base_excess"] == ["value", "unit", "collected"]


def test_blank_lower_limit_is_filled_from_the_range_of_the_day(section):
    row = ReferenceRange(
        analyte="fibrinogen", unit="g/L", lln=2, uln=None, valid_from=date(2026, 1, 1), needs_confirmation=False
    )
    laboratory = Laboratory(Ranges((row,)), "female", date(2026, 3, 9))
    form, at = filled(section, laboratory, value="1.9", unit="g/L", collected="2026-03-08")
    assert form.parts[0].rows[at].entry()["lln"] == 2
    assert "lower limit 2 g/L, from the laboratory's ranges (valid from 2026-01-01)" in form.parts[0].rows[at].remarks
    form, at = filled(section, laboratory, value="1.9", unit="g/L", collected="2026-03-08", lln="1.8 g/L")
    assert str(form.parts[0].rows[at].entry()["lln"]) == "1.8"


def test_number_below_zero_is_read_in_the_grid(section):
    blank = SectionForm(section, {})
    row = next(index for index, row in enumerate(blank.parts[0].rows) if row.code == "base_excess")
    data = submitted(blank)
    data.update({f"labs-{row}-value": "<−4", f"labs-{row}-collected": "2026-03-08"})
    entry = SectionForm(section, {}, data).parts[0].rows[row].entry()
    assert (entry["comparator"], entry["value"]) == ("<", -4)
    assert blank.parts[0].rows[row].fields["value"].widget.attrs["inputmode"] == "text"


def test_tick_that_every_result_is_entered_is_saved_and_shown(section):
    form = SectionForm(section, {"reviewed": ["labs"]})
    assert form.parts[0].ticked
    data = submitted(form)
    assert "labs-reviewed" in data
    assert SectionForm(section, {}, data).document["reviewed"] == ["labs"]
    assert "reviewed" not in SectionForm(section, {}, submitted(SectionForm(section, {}))).document
    assert "Every result of these tests is entered" in render_to_string("crf/results.html", {"part": form.parts[0]})
