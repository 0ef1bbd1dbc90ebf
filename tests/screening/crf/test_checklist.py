import re

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from criteria.vocabulary import Fault
from screening.crf import SectionForm, add_blank_row
from screening.visits.carry_forward import PriorAnswers
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


# What an earlier attempt knew

STABLE = {"condition": "substance_abuse", "status": "absent"}
EARLIER = {"condition": "bleeding_event", "status": "past", "date": "2025", "significant": "yes"}
HEART = {"condition": "congestive_heart_failure", "status": "current", "date": "2026", "nyha_class": 1}
PRIOR = PriorAnswers({"history": [STABLE]}, {"history": [EARLIER, HEART]})


def again(section, document, code, prior=PRIOR, **typed):
    """The section's form at a further attempt once the first entry of a condition has been changed."""
    shown = SectionForm(section, document, prior=prior)
    index = next(index for index, row in enumerate(shown.parts[0].rows) if row.code == code)
    data = submitted(shown)
    data.update({name if name == "confirm-history" else f"history-{index}-{name}": typed[name] for name in typed})
    return SectionForm(section, document, data, prior=prior)


def test_recalled_condition_is_asked_anew_beside_what_was_known(section):
    html = render_to_string("crf/checklist.html", {"part": SectionForm(section, {}, prior=PRIOR).parts[0]})
    assert "Earlier visit: past; last occurrence 2025; significant yes" in " ".join(html.replace("</span>", "").split())
    row = next(row for row in SectionForm(section, {}, prior=PRIOR).parts[0].rows if row.code == "bleeding_event")
    assert row["status"].value() == ""
    assert (row["date"].value(), row["significant"].value()) == ("2025", "yes")


def test_perishable_detail_of_a_recalled_condition_is_not_shown_as_an_answer(section):
    rows = SectionForm(section, {}, prior=PRIOR).parts[0].rows
    row = next(row for row in rows if row.code == "congestive_heart_failure")
    assert (row["date"].value(), row["nyha_class"].value()) == ("2026", "")


def test_tick_for_all_that_was_taken_over_confirms_no_perishable_condition(section):
    form = again(section, {}, "bleeding_event", **{"confirm-history": "on"})
    assert form.document == {"history": [STABLE]}
    assert not form.waiting


def test_recalled_condition_counts_once_it_is_answered_and_confirms_nothing_else(section):
    form = again(section, {}, "bleeding_event", status="past")
    assert form.document == {"history": [EARLIER]}
    assert [part.waiting_title for part in form.waiting] == ["Medical history, 1 entry taken over"]
    assert not form.waiting[0].is_changed


def test_recalled_details_go_when_the_condition_is_answered_absent(section):
    form = again(section, {}, "bleeding_event", status="absent")
    assert form.document == {"history": [{"condition": "bleeding_event", "status": "absent"}]}


def test_detail_of_a_recalled_condition_changed_without_an_answer_is_not_dropped_in_silence(section):
    form = again(section, {}, "bleeding_event", date="2026-02")
    assert form.document["history"] == [{"condition": "bleeding_event", "date": "2026-02", "significant": "yes"}]


def test_own_entries_stay_while_what_was_taken_over_waits(section):
    own = {"condition": "infection", "status": "absent"}
    form = again(section, {"history": [own]}, "bleeding_event", status="current")
    assert form.document == {"history": [own, EARLIER | {"status": "current"}]}
    ticked = again(section, {"history": [own]}, "bleeding_event", status="current", **{"confirm-history": "on"})
    assert ticked.document == {"history": [own, STABLE, EARLIER | {"status": "current"}]}


def test_fault_stands_beside_its_row_when_entries_before_it_wait(section):
    form = again(section, {}, "bleeding_event", status="past", date="soon")
    form.refuse([Fault("history[0].date", "no date")])
    place = next(index for index, row in enumerate(form.parts[0].rows) if row.code == "bleeding_event")
    assert form.problems[0].anchor == f"at-history-{place}-date"


def test_changed_entry_that_was_taken_over_waits_for_its_tick(section):
    form = again(section, {}, "substance_abuse", status="past")
    assert [part.is_changed for part in form.waiting] == [True]


# Body systems


def test_conditions_stand_under_their_body_system_in_the_order_of_the_first_of_each(section):
    groups = SectionForm(section, {}).parts[0].groups()
    titles = [group.title for group in groups]
    assert titles[:3] == ["Neoplasms", "Immune system", "Respiratory"]
    assert len(titles) == len(set(titles))
    assert sum(len(group.conditions) for group in groups) == len(section.parts[0].conditions)
    cardiac = next(group for group in groups if group.title == "Cardiac")
    assert {"myocarditis", "myocardial_infarction"} <= {each.code for each in cardiac.conditions}


def test_conditions_without_a_body_system_have_no_heading_of_their_own(other_vocabulary):
    section = next(each for each in other_vocabulary.sections if any(part.kind == "checklist" for part in each.parts))
    form = SectionForm(section, {})
    part = next(part for part in form.parts if part.part.kind == "checklist")
    assert [group.title for group in part.groups()] == [""]
    html = render_to_string("crf/checklist.html", {"part": part})
    assert "body-system" not in html
    assert '<h3 id="title-' in html


def test_conditions_without_a_body_system_come_last_when_others_have_one(section):
    conditions = dict(section.parts[0].conditions)
    conditions["infection"] = conditions["infection"].model_copy(update={"group": ""})
    part = section.parts[0].model_copy(update={"conditions": conditions})
    groups = SectionForm(section.model_copy(update={"parts": (part,)}), {}).parts[0].groups()
    assert groups[-1].title == "Further conditions"
    assert [each.code for each in groups[-1].conditions] == ["infection"]


def test_condition_that_is_a_judgement_is_marked(section):
    asked = {each.code: each.help for each in SectionForm(section, {}).parts[0].conditions()}
    mark = "The investigator's judgement: record what the investigator said."
    assert asked["nephrotic_syndrome"] == mark
    assert asked["myocarditis"] == ""
    shown = render_to_string("crf/checklist.html", {"part": SectionForm(section, {}).parts[0]})
    assert f'id="help-history-nephrotic_syndrome">{escape(mark)}</p>' in shown


def test_rest_of_a_body_system_is_absent_and_what_is_answered_or_was_known_before_stays(section):
    recalled = {"history": [{"condition": "cardiomyopathy", "status": "past"}]}
    prior = PriorAnswers(carried={}, recalled=recalled)
    index = index_of(section, {}, "myocarditis")
    data = submitted(SectionForm(section, {}))
    data[f"history-{index}-status"] = "past"
    part = SectionForm(section, {}, data).parts[0].with_rest_absent("myocarditis")
    found = {each["condition"]: each["status"] for each in SectionForm(section, {}, part).document["history"]}
    assert (found["myocarditis"], found["cardiomyopathy"], found["unstable_angina"]) == ("past", "absent", "absent")
    assert "infection" not in found
    form = SectionForm(section, {}, submitted(SectionForm(section, {}, prior=prior)), prior=prior)
    data = form.parts[0].with_rest_absent("myocarditis")
    found = {each["condition"] for each in SectionForm(section, {}, data, prior=prior).document["history"]}
    assert "cardiomyopathy" not in found
    assert "myocarditis" in found


def test_rest_of_a_body_system_leaves_open_what_the_investigator_has_to_judge(section):
    data = SectionForm(section, {}, submitted(SectionForm(section, {}))).parts[0].with_rest_absent("nephrotic_syndrome")
    found = {each["condition"] for each in SectionForm(section, {}, data).document.get("history", [])}
    assert found.isdisjoint({"nephrotic_syndrome", "uncontrolled_metabolic_disorder"})
    shown = render_to_string("crf/checklist.html", {"part": SectionForm(section, {}).parts[0]})
    assert re.search(r'data-alone role="group" id="at-history-nephrotic_syndrome"', shown)
    assert not re.search(r'data-alone role="group" id="at-history-myocarditis"', shown)


def test_rest_of_no_body_system_is_answered(section):
    form = SectionForm(section, {}, submitted(SectionForm(section, {})))
    assert form.parts[0].with_rest_absent("unheard_of") is None
