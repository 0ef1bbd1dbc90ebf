from decimal import Decimal

import pytest

from criteria.vocabulary import Field
from screening.visits.labels import answer_text, form_place, is_asked, unit_name

DOCUMENT = {
    "labs": [{"analyte": "anc"}, {"analyte": "ast"}],
    "history": [{"condition": "infection"}],
}


@pytest.mark.parametrize(
    ("path", "label", "section", "anchor"),
    [
        ("consent.date", "Informed consent: date of consent", "visit", "at-consent-date"),
        ("concurrent_study", "Taking part in another study", "judgement", "at-concurrent_study"),
        ("reviewed.lesions", "Lesions that can be measured: is the list complete?", "disease", "at-lesions"),
        ("lesions[1].site", "Lesion 2: site", "disease", "at-lesions-1-site"),
        ("labs.anc", "Neutrophils", "laboratory", "at-labs-anc"),
        ("labs.ast.uln", "AST: upper limit of normal", "laboratory", "at-labs-ast"),
        ("labs[1].value", "AST: value", "laboratory", "at-labs-ast"),
        ("history.infection", "Infection", "history", "at-history-infection"),
        ("history.infection[1].severe", "Infection: severe", "history", "at-history-infection"),
        ("history[0].severe", "Infection: severe", "history", "at-history-infection"),
        ("reviewed", "Lists confirmed complete", "", ""),
        ("nowhere.at_all", "nowhere.at_all", "", ""),
        ("", "", "", ""),
        ("labs[7].value", "Laboratory results: value", "laboratory", "at-labs"),
    ],
)
def test_path_has_a_name_and_a_place(vocabulary, path, label, section, anchor):
    place = form_place(vocabulary, path, DOCUMENT)
    assert (place.label, place.section, place.anchor) == (label, section, anchor)


@pytest.mark.parametrize(
    "path",
    [
        "consent",
        "consent.date",
        "concurrent_study",
        "reviewed.lesions",
        "lesions",
        "lesions[1]",
        "lesions[7].site",
        "labs.anc",
        "labs[1].value",
        "history.infection",
        "history[0].severe",
    ],
)
def test_form_asks_fields_and_whole_parts(vocabulary, path):
    assert is_asked(vocabulary, path, DOCUMENT)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "reviewed",
        "reviewed.consent",
        "gold",
        "consent.gold",
        "consent[5].date",
        "consent[5]",
        "concurrent_study.more",
        "concurrent_study[0]",
        "lesions.site",
        "lesions[1].gold",
        "labs.gold",
        "labs.anc\0",
        "labs.anc\n",
        "labs.anc.x.y",
        "labs.anc[-1]",
        "labs[1",
        "labs[0].gold",
        "labs[99999999999999999999999]",
        "labs..",
        "[0]",
        "<script>",
    ],
)
def test_form_asks_nothing_else(vocabulary, path):
    assert not is_asked(vocabulary, path, DOCUMENT)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Field(label="f", type="number", unit="mm[Hg]"), Decimal("120.0"), "120.0 mmHg"),
        (Field(label="f", type="code", options={"a": "an answer"}), "a", "an answer"),
        (Field(label="f", type="codes", options={"a": "an answer", "b": "two"}), ["b", "a"], "two, an answer"),
        (Field(label="f", type="codes", options={"a": "an answer"}), [], "none"),
        (Field(label="f", type="yn"), "unknown", "not known"),
        (Field(label="f", type="integer"), 0, "0"),
        (None, None, "not known"),
        (None, "text", "text"),
    ],
)
def test_value_is_said_in_words(field, value, words):
    assert answer_text(field, value) == words


@pytest.mark.parametrize(("code", "name"), [("mo", "months"), ("mm[Hg]", "mmHg"), ("g/dL", "g/dL"), ("", "")])
def test_unit_is_written_for_people(code, name):
    assert unit_name(code) == name
