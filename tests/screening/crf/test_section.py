import random
from datetime import date

import pytest
from django.template.loader import render_to_string

from criteria.vocabulary import Fault, validate
from criteria.vocabulary.edit_checks import EditCheck
from screening.crf import SectionForm
from screening.visits.carry_forward import PriorAnswers
from tests.support.random_documents import random_document
from tests.support.submission import submitted


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


def test_planned_day_without_a_year_is_the_next_one_where_the_day_before_it_is_known(vocabulary, on):
    on(date(2026, 3, 9))
    section = vocabulary.section("visit")
    data = submitted(SectionForm(section, {}), visit__date="2026-03-09", visit__planned_first_dose_date="0316")
    form = SectionForm(section, {}, data)
    assert form.document["visit"] == {"date": "2026-03-09", "planned_first_dose_date": "2026-03-16"}
    assert "“0316” was read as 2026-03-16" in "".join(echo.told for echo in form.echoes)


def test_day_that_may_be_past_or_planned_stays_as_typed_and_asks_for_its_year(vocabulary, on):
    on(date(2026, 3, 9))
    section = vocabulary.section("procedures")
    data = submitted(SectionForm(section, {}), procedures__0__date="0316")
    form = SectionForm(section, {}, data)
    faults = {fault.path: fault.message for fault in validate(vocabulary, form.document)}
    assert "type the date with the four digits of its year" in faults["procedures[0].date"]


def test_every_fault_stands_beside_its_input_and_what_was_typed_stays(vocabulary):
    section = vocabulary.section("vitals")
    data = submitted(SectionForm(section, {}), vitals__weight_kg="sixty", vitals__height_cm="-1")
    form = SectionForm(section, {}, data)
    form.refuse(validate(vocabulary, {"visit": {"date": "2026-03-09"}, **form.document}))
    html = render_to_string("crf/group.html", {"part": form.parts[0]})
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


# What was carried over from an earlier attempt

CARRIED = {"disease": {"histology": "escc", "curable": "no"}, "lesions": [{"site": "liver"}]}


def carried_form(section, **typed):
    data = submitted(SectionForm(section, {}, prior=PriorAnswers(CARRIED, {})), **typed)
    return SectionForm(section, {}, data, prior=PriorAnswers(CARRIED, {}))


def test_what_was_carried_over_is_shown_and_counts_for_nothing(vocabulary):
    form = carried_form(vocabulary.section("disease"))
    assert form.document == {}
    assert form.entered_document == CARRIED
    assert [part.part.key for part in form.waiting] == ["disease", "lesions"]
    assert not any(part.is_changed for part in form.waiting)


def test_part_counts_once_it_is_confirmed(vocabulary):
    form = carried_form(vocabulary.section("disease"), confirm__disease="on", disease__curable="yes")
    assert form.document == {"disease": {"histology": "escc", "curable": "yes"}}
    assert [part.part.key for part in form.waiting] == ["lesions"]


def test_list_is_not_complete_while_its_records_wait_to_be_confirmed(vocabulary):
    form = carried_form(vocabulary.section("disease"), lesions__reviewed="on")
    assert form.document == {}
    assert [part.is_changed for part in form.waiting] == [False, True]


def test_part_that_was_not_carried_over_needs_no_tick(vocabulary):
    section = vocabulary.section("disease")
    data = submitted(
        SectionForm(section, {}, prior=PriorAnswers({"lesions": CARRIED["lesions"]}, {})), disease__curable="no"
    )
    form = SectionForm(section, {}, data, prior=PriorAnswers({"lesions": CARRIED["lesions"]}, {}))
    assert form.document == {"disease": {"curable": "no"}}
    html = render_to_string("crf/group.html", {"part": form.parts[0]})
    assert "To be confirmed" not in html
    assert 'name="confirm-lesions"' in render_to_string("crf/records.html", {"part": form.parts[1]})


# Implausible values

HEAVY = EditCheck("vitals.weight_kg", "vitals.weight_kg 610 kg", "610 kg", "outside what is plausible: 25 to 250 kg")
TALL = EditCheck("labs[0].value", "labs.anc 900 10*9/L 2026-03-08", "900 10*9/L", "outside what is plausible")


@pytest.mark.parametrize("confirmed", [True, False])
def test_implausible_value_is_asked_back_beside_its_input(vocabulary, confirmed):
    form = SectionForm(vocabulary.section("vitals"), {"vitals": {"weight_kg": 610}})
    form.show_edit_checks([HEAVY], [HEAVY.key] if confirmed else [])
    html = render_to_string("crf/group.html", {"part": form.parts[0]})
    assert "610 kg is right: confirmed against the source" in html
    assert (f'value="{HEAVY.key}" id="confirm-vitals-weight_kg" checked' in html) is confirmed
    assert form.asked_at == {HEAVY.key: "at-vitals-weight_kg"}


def test_implausible_result_is_asked_back_in_its_row(vocabulary):
    labs = [{"analyte": "anc", "value": 900, "unit": "10*9/L", "collected": "2026-03-08"}]
    form = SectionForm(vocabulary.section("laboratory"), {"labs": labs})
    form.show_edit_checks([TALL, HEAVY], [])
    assert "900 10*9/L is right" in render_to_string("crf/results.html", {"part": form.parts[0]})
    assert form.asked_at == {TALL.key: "at-labs-0-value"}


def test_every_answer_that_may_be_asked_back_has_a_place_for_it(vocabulary):
    names = [field.html_name for field in SectionForm(vocabulary.section("vitals"), {}).edit_check_inputs]
    assert {"vitals-weight_kg", "vitals-systolic_bp", "vitals-height_cm", "vitals-date"} <= set(names)
    names = [field.html_name for field in SectionForm(vocabulary.section("disease"), {}).edit_check_inputs]
    assert {"disease-extent", "lesions-0-diameter_mm", "lesions-0-site"} <= set(names)
    assert not SectionForm(vocabulary.section("laboratory"), {}).edit_check_inputs  # asked by the row


# The history of a field


def test_every_answer_that_was_saved_knows_its_path(vocabulary):
    document = {"lesions": [{"site": "liver", "nodal": "unknown"}], "disease": {"curable": "no"}}
    disease, lesions = SectionForm(vocabulary.section("disease"), document).parts
    assert {name: field.saved_at for name, field in disease.form.fields.items() if field.saved_at} == {
        "curable": "disease.curable"
    }
    assert lesions.rows[0].fields["site"].saved_at == "lesions[0].site"
    assert not lesions.rows[0].fields["nodal"].saved_at
    study = SectionForm(vocabulary.section("judgement"), {"concurrent_study": "none"}).parts[0]
    assert study.form.fields["value"].saved_at == "concurrent_study"
