"""A sample that gave no result, from the form to the pages that tell of it."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.crf import SectionForm
from screening.eligibility.assess import assess
from screening.models import Draft, SubjectStatus
from screening.shared.diff import changes
from screening.views.cards.completeness import section_progress
from screening.visits.diff_text import change_texts
from screening.visits.last_units import last_units
from screening.visits.save import save_section
from tests.support.section_requests import inputs, page_of, vocabulary_of

DAY = "2026-03-08"
SAMPLE = {"analyte": "anc", "not_done": "溶血", "collected": DAY}
RESULT = {"analyte": "anc", "value": 3, "unit": "10*9/L", "collected": "2026-03-05"}
NO_RESULT = "the sample of 2026-03-08 gave no result (溶血)"


def row_at(visit, code):
    form = SectionForm(vocabulary_of(visit).section("laboratory"), visit.latest_revision().document)
    return next(index for index, row in enumerate(form.parts[0].rows) if row.code == code)


def typed(visit, code, **values):
    at = row_at(visit, code)
    return inputs(visit, "laboratory", **{f"labs__{at}__{name}": text for name, text in values.items()})


def save_labs(visit, author, *labs, reason=""):
    latest = visit.latest_revision()
    return save_section(visit, "laboratory", {"labs": [*labs]}, latest.number, author, reason)


@pytest.fixture
def without_anc(visit, coordinator):
    """The visit of an eligible man whose one neutrophil count came of a haemolysed sample."""
    labs = [each for each in visit.latest_revision().document["labs"] if each["analyte"] != "anc"]
    save_labs(visit, coordinator, *labs, SAMPLE, reason="corrected")
    return visit


def test_words_are_kept_by_a_plain_form_and_shown_again(client, empty_visit):
    response = client.post(
        page_of(empty_visit, "laboratory"), typed(empty_visit, "anc", value="溶血", collected=DAY), follow=True
    )
    assert empty_visit.latest_revision().document["labs"] == [SAMPLE]
    assertContains(response, 'value="溶血"')
    assertContains(response, "no result (溶血); unit and limits are left out")
    assertNotContains(response, "this one counts")


def test_words_that_are_not_known_are_refused_kept_as_typed_and_saved_once_ticked(client, empty_visit):
    data = typed(empty_visit, "anc", value="1+", unit="10*9/L", collected=DAY)
    response = client.post(page_of(empty_visit, "laboratory"), data)
    assertContains(response, "“1+” is not a number: a graded result is no measured number", status_code=422)
    assertContains(response, "keep “1+” as a sample without a result", status_code=422)
    assertContains(response, 'value="1+"', count=2, status_code=422)  # of the input and of the tick
    assert empty_visit.revisions.count() == 1
    assert "1%2B" in Draft.objects.get().data
    at = row_at(empty_visit, "anc")
    client.post(page_of(empty_visit, "laboratory"), data | {f"labs-{at}-NO_NUMBER": "1+"})
    assert empty_visit.latest_revision().document["labs"] == [SAMPLE | {"not_done": "1+"}]


def test_panel_says_what_to_repeat_while_it_is_typed(type_in, visit):
    at = row_at(visit, "anc")
    response = type_in("laboratory", **{f"labs__{at}__value": "溶血"})
    assertContains(response, f"repeat neutrophils: {NO_RESULT}")
    assertContains(response, '<span class="outcome">not yet known</span>')
    assert visit.revisions.count() == 1


def test_visit_assessment_and_work_list_say_what_became_of_the_sample(client, without_anc, coordinator):
    assessment = assess(without_anc.latest_revision(), coordinator)
    told = f"epeat neutrophils: {NO_RESULT}"
    assertContains(client.get(reverse("screening:visit", args=[without_anc.pk])), f"R{told}")
    page = client.get(reverse("screening:assessment", args=[assessment.pk]))
    assertContains(page, f"<strong>No result</strong> Neutrophils: {NO_RESULT}; there is no other result", count=1)
    status = SubjectStatus.objects.get()
    assert status.overall == "undetermined"
    assert status.next_step == f"R{told} (I08)"


def test_earlier_result_is_used_and_the_verdict_says_so(client, without_anc, coordinator):
    save_labs(without_anc, coordinator, *without_anc.latest_revision().document["labs"], RESULT)
    assessment = assess(without_anc.latest_revision(), coordinator)
    page = client.get(reverse("screening:assessment", args=[assessment.pk]))
    assertContains(page, f"Neutrophils: {NO_RESULT}; the result of 2026-03-05 is used", count=1)
    assertContains(client.get(page_of(without_anc, "laboratory")), "this one counts", count=1)
    assert assessment.overall == "eligible"


def test_document_history_and_audit_trail_have_it_in_words(client, without_anc, vocabulary):
    number = without_anc.latest_revision().number
    page = client.get(reverse("screening:revision", args=[without_anc.pk, number]))
    assertContains(page, "no result (溶血), sample of 2026-03-08")
    history = client.get(reverse("screening:field-history", args=[without_anc.pk]), {"path": "labs.anc"})
    assertContains(history, "no result (溶血), sample of 2026-03-08")
    before, after = (revision.document for revision in without_anc.revisions.order_by("number"))
    told = change_texts(vocabulary, changes(before, after), after, before)
    assert ("Neutrophils: value", "3.2 ×10⁹/L", "not known") in told
    assert ("Neutrophils: no result", "not known", "溶血") in told


def test_text_of_the_report_stands_beside_the_result(client, empty_visit, coordinator):
    save_labs(empty_visit, coordinator, RESULT | {"reported": "3.0↓"})
    page = client.get(reverse("screening:revision", args=[empty_visit.pk, 2]))
    assertContains(page, "3 ×10⁹/L on 2026-03-05; as reported: 3.0↓")


def test_result_replaced_by_a_sample_without_one_is_a_correction_with_a_reason(client, visit):
    data = typed(visit, "anc", value="溶血")
    response = client.post(page_of(visit, "laboratory"), data)
    assertContains(response, "A reason is needed", status_code=422)
    assertContains(response, "Neutrophils: value", status_code=422)
    client.post(page_of(visit, "laboratory"), data | {"cause": "reissued"})
    assert SAMPLE in visit.latest_revision().document["labs"]


def test_test_without_a_result_is_not_answered_and_gives_no_unit(without_anc, visit, vocabulary, trial, coordinator):
    document = without_anc.latest_revision().document
    before = visit.revisions.get(number=1).document
    section = vocabulary.section("laboratory")
    assert section_progress(section, before).answered - section_progress(section, document).answered == 1
    save_labs(without_anc, coordinator, SAMPLE | {"unit": "unknown"}, reason="all others were wrong")
    assert "anc" in last_units(trial, [vocabulary.parts["labs"]])
    assert last_units(trial, [vocabulary.parts["labs"]])["anc"] == "10*9/L"


# Two people


def test_result_and_sample_without_one_are_chosen_as_a_whole(client, empty_visit, coordinator, investigator):
    mine = typed(empty_visit, "anc", value="溶血", collected=DAY)
    theirs = RESULT | {"collected": DAY}
    save_section(empty_visit, "laboratory", {"labs": [theirs]}, 1, investigator)
    response = client.post(page_of(empty_visit, "laboratory"), mine)
    assertContains(response, "3 ×10⁹/L on 2026-03-08", status_code=409)
    assertContains(response, "no result (溶血), sample of 2026-03-08", status_code=409)
    (choice,) = {
        name for name in response.content.decode().split('"') if name.startswith("choice-") and len(name) == 23
    }
    again = mine | {"base": "2", "ancestor": "1", choice: "mine", "cause": "reissued"}
    client.post(page_of(empty_visit, "laboratory"), again)
    assert empty_visit.latest_revision().document["labs"] == [SAMPLE]


def test_result_that_lacks_its_unit_is_told_as_far_as_it_is_known(client, empty_visit, investigator):
    mine = typed(empty_visit, "platelets", value="150")
    save_section(empty_visit, "laboratory", {"labs": [RESULT]}, 1, investigator)
    response = client.post(page_of(empty_visit, "laboratory"), mine)
    assertContains(response, "150", status_code=409)


def test_draft_of_a_sample_without_a_result_is_told_before_an_assessment(client, visit, coordinator, type_in):
    type_in("laboratory", **{f"labs__{row_at(visit, 'anc')}__value": "溶血"})
    page = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1})
    assertContains(page, "Neutrophils: no result", status_code=page.status_code)
