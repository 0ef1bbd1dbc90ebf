"""Words in place of a number in the laboratory's grid: a sample that gave no result, and what a report says besides."""

import random
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.vocabulary import Fault, validate
from screening.crf import SectionForm, add_blank_row
from tests.conftest import PROTOCOL
from tests.support.random_documents import random_document
from tests.support.submission import submitted

DAY = "2026-03-10"
CLOTTED = {"analyte": "platelets", "not_done": "有凝块", "collected": DAY}
LOW = {"analyte": "anc", "value": 3, "unit": "10*9/L", "reported": "3↓", "collected": DAY}
CREATININE = {"analyte": "creatinine", "value": 88, "unit": "umol/L", "collected": DAY, "uln": 104}


@pytest.fixture(scope="session")
def protocol():
    return parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1]


@pytest.fixture
def section(vocabulary):
    return vocabulary.section("laboratory")


def index_of(form, code):
    return next(index for index, row in enumerate(form.parts[0].rows) if row.code == code)


def row_of(form, code):
    return form.parts[0].rows[index_of(form, code)]


def sent(section, stored, code, **typed):
    """The form of the section once something was typed into the first row of a test."""
    blank = SectionForm(section, {"labs": stored})
    return sent_again(section, stored, submitted(blank), index_of(blank, code), **typed)


def sent_again(section, stored, data, row, **typed):
    data = data.copy()
    data.update({name if name.startswith("labs") else f"labs-{row}-{name}": text for name, text in typed.items()})
    return SectionForm(section, {"labs": stored}, data)


def notes(form, code):
    return render_to_string("crf/result_notes.html", {"row": row_of(form, code)})


# A sample that gave no result


@pytest.mark.parametrize("words", ["溶血", "haemolysed", "有凝块", "标本量不足"])
def test_sample_without_a_result_is_kept_with_its_words(vocabulary, section, words):
    form = sent(section, [], "platelets", value=f" {words} ", unit="10*9/L", collected="2026/3/10")
    entry = {"analyte": "platelets", "not_done": words, "collected": DAY}
    assert form.document["labs"] == [entry]
    assert validate(vocabulary, {"visit": {"date": DAY}, "labs": [entry]}) == ()
    assert row_of(form, "platelets").may_be_not_done == ""
    assert f"no result ({words}); unit and limits are left out" in notes(form, "platelets")


def test_day_for_all_is_that_of_a_sample_without_a_result(section):
    form = sent(section, [], "platelets", value="clotted", **{"labs-DAY": DAY})
    assert form.document["labs"] == [{"analyte": "platelets", "not_done": "clotted", "collected": DAY}]


def test_unit_and_limits_go_with_the_number_that_is_replaced(section):
    form = sent(section, [CREATININE], "creatinine", value="溶血")
    assert form.document["labs"] == [{"analyte": "creatinine", "not_done": "溶血", "collected": DAY}]


@pytest.mark.parametrize(
    "stored",
    [
        CLOTTED,
        CLOTTED | {"not_done": "1+"},
        CLOTTED | {"not_done": "kept elsewhere", "reported": "see letter", "value": "unknown", "unit": None},
        CLOTTED | {"not_done": " lost "},
    ],
)
def test_saved_sample_stays_as_it_is_when_the_form_is_sent_untouched(section, stored):
    form = SectionForm(section, {"labs": [stored]})
    assert row_of(form, "platelets")["value"].value() == stored["not_done"].strip()
    again = SectionForm(section, {"labs": [stored]}, submitted(form))
    assert again.document["labs"] == [stored]
    assert not again.is_touched


def test_saved_sample_gets_its_number_or_goes(section):
    (result,) = sent(section, [CLOTTED], "platelets", value="150", unit="10*9/L").document["labs"]
    assert result == {"analyte": "platelets", "value": 150, "unit": "10*9/L", "collected": DAY}
    assert sent(section, [CLOTTED], "platelets", value="", collected="").document["labs"] == []
    assert "collected" not in sent(section, [CLOTTED], "platelets", collected="").document["labs"][0]


def test_fault_of_a_sample_is_shown_at_the_value(section):
    form = sent(section, [CLOTTED], "platelets")
    form.refuse([Fault("labs[0].not_done", "too long"), Fault("labs[0].reported", "too long as well")])
    assert [problem.anchor for problem in form.problems] == ["at-labs-0-value"] * 2


def test_result_that_counts_is_marked_beside_a_later_sample_without_one(section):
    older = CLOTTED | {"collected": "2026-03-11"}
    result = {"analyte": "platelets", "value": 150, "unit": "10*9/L", "collected": DAY}
    rows = SectionForm(section, {"labs": [result, older]}).parts[0].rows
    assert [row.counts for row in rows[:2]] == [True, False]


def test_new_panel_has_a_row_for_a_test_whose_sample_gave_no_result(section):
    data = submitted(SectionForm(section, {"labs": [CLOTTED]}))
    new = SectionForm(section, {"labs": [CLOTTED]}, data).grids[0].with_new_panel()
    count = int(new["labs-rows"])
    assert new[f"labs-{count - 1}-CODE"] == "platelets"
    assert f"labs-{count - 1}-value" not in new


# Words that may mean it


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("anc", "1+"),
        ("anc", "++"),
        ("anc", "弱阳性"),
        ("anc", "see comment"),
        ("hbv_dna", "未检出"),
        ("anc", "溶血 5.2"),
    ],
)
def test_other_words_are_asked_and_kept_when_ticked(section, code, words):
    typed = {"value": words, "unit": "", "collected": DAY}
    form = sent(section, [], code, **typed)
    assert form.document["labs"][0]["value"] == words  # which is a fault, and never a number
    assert f"keep “{words}” as a sample without a result" in notes(form, code)
    assert "checked" not in notes(form, code)
    ticked = sent(section, [], code, **typed, NO_NUMBER=words)
    assert ticked.document["labs"] == [{"analyte": code, "not_done": words, "collected": DAY}]
    assert "checked" in notes(ticked, code)


@pytest.mark.parametrize("ticked", ["1+", "溶血", ""])
def test_tick_holds_for_the_words_that_it_was_made_for(section, ticked):
    form = sent(section, [], "anc", value="++", collected=DAY, NO_NUMBER=ticked)
    assert form.document["labs"][0]["value"] == "++"


@pytest.mark.parametrize("value", ["5.2", "<0.1", "1,200", "5.2 mg", "", "2026-03-10"])
def test_number_is_never_offered_as_no_result(section, value):
    form = sent(section, [], "anc", value=value, unit="10*9/L", NO_NUMBER=value)
    assert row_of(form, "anc").may_be_not_done == ""
    assert not any("not_done" in entry for entry in form.document.get("labs", []))


# What the report says besides


def test_arrow_is_kept_with_the_number_that_is_read_of_it(section):
    form = sent(section, [], "anc", value="3↓ ×10^9/L", collected=DAY)
    entry = {"analyte": "anc", "value": 3, "unit": "10*9/L", "reported": "3↓ ×10^9/L", "collected": DAY}
    assert form.document["labs"] == [entry]
    assert "reported as 3↓ ×10^9/L" in notes(form, "anc")
    saved = SectionForm(section, {"labs": [entry]})
    assert SectionForm(section, {"labs": [entry]}, submitted(saved)).document["labs"] == [entry]


@pytest.mark.parametrize("reported", ["3↓", " 3 (low) ", "see letter", "unknown", None])
def test_saved_text_of_a_report_stays_with_its_number(section, reported):
    saved = LOW | {"reported": reported}
    data = submitted(SectionForm(section, {"labs": [saved]}))
    assert SectionForm(section, {"labs": [saved]}, data).document["labs"] == [saved]
    (moved,) = sent(section, [saved], "anc", collected="2026-03-09").document["labs"]
    assert moved == saved | {"collected": "2026-03-09"}


@pytest.mark.parametrize("value", ["3", "3 ×10^9/L", "3E+00", "３"])
def test_number_and_unit_say_it_all(section, value):
    (result,) = sent(section, [], "anc", value=value, unit="10*9/L", collected=DAY).document["labs"]
    assert "reported" not in result


def test_number_with_an_arrow_that_looks_like_a_telephone_s_is_kept_without_its_text(section):
    form = sent(section, [], "hbv_dna", value="13800138000↑", unit="[IU]/mL", collected=DAY)
    assert form.document["labs"][0] == {
        "analyte": "hbv_dna", "value": 13800138000, "unit": "[IU]/mL", "collected": DAY
    }  # fmt: skip


def test_text_of_a_report_goes_with_its_number(section):
    form = sent(section, [], "anc", value="3↓", unit="10*9/L", collected=DAY)
    row = index_of(form, "anc")
    corrected = sent_again(section, [], form.data, row, value="4")
    assert "reported" not in corrected.document["labs"][0]
    assert sent_again(section, [], form.data, row, collected="2026-03-09").document["labs"][0]["reported"] == "3↓"
    assert sent(section, [LOW], "anc", collected="2026-03-09").document["labs"][0]["reported"] == "3↓"
    assert "reported" not in sent(section, [LOW], "anc", value="4").document["labs"][0]
    (again,) = sent(section, [{name: LOW[name] for name in LOW if name != "reported"}], "anc", value="3↑").document[
        "labs"
    ]
    assert again["reported"] == "3↑"


def test_not_detected_is_below_the_limit_of_detection_and_keeps_its_words(section):
    typed = {"value": "未检出", "unit": "[IU]/mL", "collected": DAY}
    (result,) = sent(section, [], "hbv_dna", lod="20", **typed).document["labs"]
    assert (result["comparator"], result["value"], result["reported"]) == ("<", 20, "未检出")
    without = sent(section, [], "hbv_dna", **typed)
    row = index_of(without, "hbv_dna")
    assert without.document["labs"][0]["value"] == "未检出"
    (later,) = sent_again(section, [], without.data, row, lod="20").document["labs"]
    assert (later["comparator"], later["value"], later["reported"]) == ("<", 20, "未检出")


def test_not_detected_that_was_kept_without_a_number_is_read_once_its_limit_is_known(section):
    saved = {"analyte": "hbv_dna", "not_done": "未检出", "collected": DAY}
    form = sent(section, [saved], "hbv_dna", unit="[IU]/mL", lod="20")
    assert form.document["labs"] == [
        {
            "analyte": "hbv_dna",
            "comparator": "<",
            "value": 20,
            "unit": "[IU]/mL",
            "lod": 20,
            "reported": "未检出",
            "collected": DAY,
        }
    ]


# The form and a file say the same


WORDS = st.sampled_from(["溶血", "clotted", "标本量不足", "sample lost", "Haemolysed."])
TYPED = st.lists(st.tuples(st.integers(0, 10), WORDS, st.integers(0, 90)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), TYPED)
def test_what_is_typed_comes_out_as_the_same_file(protocol, seed, typed):
    """A sample without a result is typed into a new row of a random document: its outcomes are those of the file."""
    section = protocol.vocabulary.section("laboratory")
    document = random_document(random.Random(seed))
    labs = document["labs"] if isinstance(document.get("labs"), list) else []
    document["labs"] = list(labs)
    data = submitted(SectionForm(section, document))
    tests, added = list(protocol.vocabulary.parts["labs"].analytes), []
    for test, words, days in typed:
        index, day = int(data["labs-rows"]), (date(2026, 3, 10) - timedelta(days)).isoformat()
        data = add_blank_row(data, f"labs.{tests[test]}")
        data.update({f"labs-{index}-value": words, f"labs-{index}-collected": day})
        added.append({"analyte": tests[test], "not_done": words, "collected": day})
    form = SectionForm(section, document, data)
    entered = {**document, **form.document}
    in_file = {**document, "labs": [*labs, *added]}
    assert entered["labs"] == in_file["labs"]
    assert validate(protocol.vocabulary, entered) == ()
    assert protocol.assess(entered) == protocol.assess(in_file)
    assert protocol.assess(entered).outcomes == protocol.assess(document).outcomes
