import json

import pytest

from screening.crf import SectionForm
from screening.crf.follow_ups import condition_text
from tests.support.submission import submitted


def form_of(vocabulary, code, document):
    return SectionForm(vocabulary.section(code), document)


def conditions(form, key):
    (part,) = (part for part in form.parts if part.part.key == key)
    return {name: field.when for name, field in part.forms[0].fields.items() if getattr(field, "when", "")}


def test_condition_beside_a_question_is_left_to_the_page(vocabulary):
    found = conditions(form_of(vocabulary, "cns", {}), "cns")
    assert json.loads(found["corticosteroid_stop_date"]) == {".corticosteroids": ["stopped"]}
    assert json.loads(found["oedema"]) == {".brain_metastases": ["untreated", "treated_and_untreated"]}
    assert "brain_metastases" not in found


@pytest.mark.parametrize(
    ("subject", "pregnant", "sterilised"),
    [
        ({}, "", ""),
        ({"subject": {"sex": "unknown"}}, "", ""),
        ({"subject": {"sex": "male"}}, "false", ""),
        ({"subject": {"sex": "female"}}, "", "false"),
    ],
    ids=["nothing known", "sex not known", "man", "woman"],
)
def test_condition_in_another_section_is_decided_by_what_is_saved(vocabulary, subject, pregnant, sterilised):
    found = conditions(form_of(vocabulary, "reproductive", subject), "reproductive")
    assert (found.get("pregnant", ""), found.get("sterilised", "")) == (pregnant, sterilised)


def test_part_is_asked_by_another_part_of_its_section(vocabulary):
    tests = {part.part.key: part.when for part in form_of(vocabulary, "reproductive", {}).parts}["pregnancy_tests"]
    assert json.loads(tests) == {"reproductive-childbearing_potential": ["yes", "unknown"]}


@pytest.mark.parametrize(
    ("agents", "text"),
    [
        (["platinum", "targeted"], ""),
        (["targeted"], "false"),
        (["targeted", "platinum"], ""),
        ("unknown", ""),
        ([], ""),
        (None, ""),
    ],
)
def test_any_of_several_codes_decides_what_is_asked(agents, text):
    when = {"therapy.agents": ("platinum", "unknown")}
    assert condition_text(when, (), {"therapy": {"agents": agents}}) == text


def test_what_is_not_asked_is_kept_when_the_form_is_saved(vocabulary):
    document = {"subject": {"sex": "male"}, "reproductive": {"pregnant": "yes"}}
    sent = SectionForm(
        vocabulary.section("reproductive"), document, submitted(form_of(vocabulary, "reproductive", document))
    )
    assert sent.document == {"reproductive": {"pregnant": "yes"}}
