import pytest
from django.template.loader import render_to_string

from screening.crf import SectionForm, add_blank_row
from screening.crf.rows import MOST_ROWS
from tests.support.submission import submitted

LESIONS = [{"site": "liver", "nodal": "no"}, {}, {"site": "lung"}]


@pytest.fixture
def section(vocabulary):
    return vocabulary.section("disease")


def sent(section, document, **typed):
    return SectionForm(section, document, submitted(SectionForm(section, document), **typed)).document


def test_saved_record_goes_when_every_field_is_emptied(section):
    emptied = sent(section, {"lesions": LESIONS}, lesions__0__site="", lesions__0__nodal="")
    assert emptied == {"lesions": [LESIONS[2]]}
    assert sent(section, {"lesions": LESIONS[:1]}, lesions__0__site="", lesions__0__nodal="") == {"lesions": []}


def test_saved_record_stays_when_a_field_of_it_is_left(section):
    assert sent(section, {"lesions": LESIONS[:1]}, lesions__0__site="") == {"lesions": [{"nodal": "no"}]}


def test_saved_record_goes_when_it_was_blank_before(section):
    assert sent(section, {"lesions": LESIONS}) == {"lesions": [LESIONS[0], LESIONS[2]]}


def test_saved_record_goes_when_it_is_removed_by_name(section):
    assert sent(section, {"lesions": LESIONS}, lesions__0__REMOVE="on") == {"lesions": LESIONS[2:]}


def test_list_stays_empty_when_its_last_record_is_removed(section):
    assert sent(section, {"lesions": LESIONS[:1]}, lesions__0__REMOVE="on") == {"lesions": []}


def test_new_record_follows_the_saved_ones(section):
    document = sent(section, {"lesions": LESIONS[:1]}, lesions__rows="3", lesions__2__site="bone")
    assert document == {"lesions": [LESIONS[0], {"site": "bone"}]}


def test_list_is_complete_when_it_is_ticked_even_without_a_record(section):
    assert sent(section, {}, lesions__reviewed="on") == {"reviewed": ["lesions"]}


def test_list_without_a_tick_cannot_be_marked_complete(vocabulary):
    section = vocabulary.section("reproductive")
    form = SectionForm(section, {}, submitted(SectionForm(section, {}), pregnancy_tests__reviewed="on"))
    assert form.document == {}
    assert "This list is complete" not in render_to_string("crf/records.html", {"part": form.parts[1]})


def test_one_blank_card_stands_ready_when_there_is_no_record(section):
    assert [row.title for row in SectionForm(section, {}).parts[1].rows] == ["Lesion 1"]


def test_only_a_saved_record_can_be_removed(section):
    html = render_to_string("crf/records.html", {"part": SectionForm(section, {"lesions": LESIONS[:1]}).parts[1]})
    blank = render_to_string("crf/records.html", {"part": SectionForm(section, {}).parts[1]})
    assert ("Remove this lesion" in html, "Remove this lesion" in blank) == (True, False)


def test_growing_adds_a_blank_card_and_keeps_what_was_typed(section):
    data = submitted(SectionForm(section, {}), lesions__0__site="liver", lesions__0__nodal="yes")
    rows = SectionForm(section, {}, add_blank_row(data, "lesions")).parts[1].rows
    assert [row["site"].value() for row in rows] == ["liver", None]
    assert rows[0]["nodal"].value() == "yes"


def test_none_of_these_is_an_answer_and_no_tick_is_none(vocabulary):
    section = vocabulary.section("therapies")
    kind = {"therapies__0__kind": "local_palliative"}
    assert sent(section, {}, **kind) == {"therapies": [{"kind": "local_palliative"}]}
    ticked = sent(section, {}, **kind, therapies__0__agents="none_of_these")
    assert ticked == {"therapies": [{"kind": "local_palliative", "agents": []}]}


@pytest.mark.parametrize("count", ["", "-1", "x", "٣", "9" * 30])
def test_count_that_is_no_number_counts_for_none(section, count):
    assert sent(section, {}, lesions__0__site="liver", lesions__rows=count) == {}


def test_rows_are_limited_when_a_form_asks_for_more(section):
    form = SectionForm(section, {}, submitted(SectionForm(section, {}), lesions__rows="99999"))
    assert len(form.parts[1].rows) == MOST_ROWS


@pytest.mark.parametrize("place", ["7", "x", "-1", "9" * 30])
def test_record_is_taken_as_typed_when_its_place_does_not_exist(section, place):
    document = sent(section, {"lesions": LESIONS[:1]}, lesions__0__PLACE=place)
    assert document == {"lesions": LESIONS[:1]}


def therapies_html(vocabulary, drugs):
    part = SectionForm(vocabulary.section("therapies"), {}, drugs=drugs).parts[0]
    return render_to_string("crf/records.html", {"part": part})


def test_drugs_are_offered_with_their_codes_where_a_therapy_is_named(vocabulary):
    html = therapies_html(vocabulary, vocabulary.drugs)
    assert html.count("<option value=") >= len(vocabulary.drugs.listed)
    assert '<option value="cisplatin" label="顺铂, cisplatinum, cis-platinum, DDP, CDDP"' in html
    assert 'data-names="cisplatin&#10;顺铂&#10;cisplatinum&#10;cis-platinum&#10;DDP&#10;CDDP"' in html
    assert 'DDP&#10;CDDP" data-codes="platinum">' in html
    (named,) = [line for line in html.splitlines() if "data-drugs" in line]
    assert 'name="therapies-0-name"' in named
    assert 'list="listed-drugs" data-drugs="agents"' in named


def test_nothing_is_offered_where_no_drugs_are_listed_or_none_is_named(vocabulary):
    assert "listed-drugs" not in therapies_html(vocabulary, None)
    form = SectionForm(vocabulary.section("adverse_events"), {}, drugs=vocabulary.drugs)
    assert form.drugs is None
    assert "listed-drugs" not in render_to_string("crf/records.html", {"part": form.parts[0]})
