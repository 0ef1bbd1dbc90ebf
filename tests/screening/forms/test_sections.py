import random

import pytest
from django.template.loader import render_to_string

from criteria.vocabulary import Fault, validate
from screening.forms import SectionForm
from tests.random_documents import random_document
from tests.screening.submission import submitted


def part_of(document, section):
    """What the document holds under the section's keys: unknown is the same as absent."""
    part = {key: document[key] for key in section.keys if document.get(key) not in (None, "unknown")}
    ticked = [name for name in section.reviewable if name in (document.get("reviewed") or [])]
    return part | ({"reviewed": ticked} if ticked else {})


def assert_round_trip(vocabulary, document):
    for section in vocabulary.sections:
        data = submitted(SectionForm(section, document))
        assert SectionForm(section, document, data).document == part_of(document, section)


def test_every_case_comes_back_as_it_was_when_its_forms_are_submitted_unchanged(vocabulary, cases):
    for case in cases.values():
        assert_round_trip(vocabulary, case["document"])


@pytest.mark.parametrize("seed", range(40))
def test_random_document_comes_back_as_it_was_when_its_forms_are_submitted_unchanged(vocabulary, seed):
    assert_round_trip(vocabulary, random_document(random.Random(seed)))


def test_section_that_nobody_touched_says_nothing(vocabulary, other_vocabulary):
    for section in (*vocabulary.sections, *other_vocabulary.sections):
        assert SectionForm(section, {}, submitted(SectionForm(section, {}))).document == {}


def test_what_is_typed_comes_back_as_json_values(vocabulary):
    section = vocabulary.section("performance")
    data = submitted(SectionForm(section, {}), performance__ecog="0", performance__life_expectancy_months="6.50")
    document = SectionForm(section, {}, data).document
    assert document["performance"]["ecog"] == 0
    assert str(document["performance"]["life_expectancy_months"]) == "6.50"


def test_every_fault_stands_beside_its_input_and_what_was_typed_stays(vocabulary):
    section = vocabulary.section("vitals")
    data = submitted(SectionForm(section, {}), vitals__weight_kg="sixty", vitals__height_cm="-1")
    form = SectionForm(section, {}, data)
    form.refuse(validate(vocabulary, {"visit": {"date": "2026-03-09"}, **form.document}))
    html = render_to_string("forms/group.html", {"part": form.parts[0]})
    assert [problem.anchor for problem in form.problems] == ["at-vitals-height_cm", "at-vitals-weight_kg"]
    assert "“sixty” is not a number" in form.parts[0].form.errors["weight_kg"]
    assert 'value="sixty"' in html
    assert html.count('aria-invalid="true"') == 2
    assert 'aria-describedby="id_vitals-weight_kg_error"' in html


def test_fault_of_a_record_stands_beside_its_row_when_a_blank_row_lies_before_it(vocabulary):
    section = vocabulary.section("disease")
    data = submitted(SectionForm(section, {}), lesions__1__diameter_mm="wide", lesions__rows="2")
    form = SectionForm(section, {}, data)
    assert form.document == {"lesions": [{"diameter_mm": "wide"}]}
    form.refuse([Fault("lesions[0].diameter_mm", "no number")])
    assert form.problems[0].anchor == "at-lesions-1-diameter_mm"
    assert form.problems[0].label == "Lesion 2: Diameter"


def test_fault_of_one_code_stands_beside_the_list_of_codes(vocabulary):
    section = vocabulary.section("therapies")
    data = submitted(SectionForm(section, {}), therapies__0__agents="sugar")
    form = SectionForm(section, {}, data)
    form.refuse([Fault("therapies[0].agents[0]", "no such agent")])
    assert form.problems[0].anchor == "at-therapies-0-agents"


def test_fault_that_another_form_asks_is_named_without_a_place(vocabulary):
    form = SectionForm(vocabulary.section("vitals"), {})
    form.refuse([Fault("visit.date", "is missing")], str.upper)
    assert form.problems == [("VISIT.DATE", "is missing", "")]


def test_other_trial_has_its_own_forms(other_vocabulary):
    document = {
        "measurements": [{"arm": "left", "systolic": 150, "symptoms": ["dizziness"]}],
        "diary": "no",
        "chemistry": [{"analyte": "renin", "value": 4, "unit": "ng/L", "collected": "2026-01-02", "uln": 5, "lod": 1}],
        "past": [{"condition": "stroke", "status": "past", "severity": 2}],
        "reviewed": ["measurements"],
    }
    assert_round_trip(other_vocabulary, document)
    form = SectionForm(other_vocabulary.section("pressure"), document)
    html = "".join(render_to_string(part.template_name, {"part": part}) for part in form.parts)
    assert "Add another measurement" in html
    assert "dizziness" in html
