import pytest

from criteria.definition.reader import parse_definition
from criteria.evaluation.outlook import outlook
from screening.models import Revision
from screening.views.cards.completeness import section_progress, visit_progress
from screening.views.cards.outlook import missing_facts
from tests.conftest import PROTOCOL


@pytest.fixture(scope="module")
def protocol():
    return parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1]


@pytest.fixture
def man(cases):
    return cases["base-man"]["document"]


def steps_of(protocol, document):
    missing = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    return visit_progress(protocol.vocabulary, Revision(document=document), missing)


@pytest.fixture
def answered(vocabulary):
    def counted(code, document):
        found = section_progress(vocabulary.section(code), document)
        return found.answered, found.asked, found.state

    return counted


def test_section_is_done_when_nothing_that_is_missing_lies_in_it(protocol, man):
    """A laboratory with eight of its eleven tests is all that the criteria ask of this man."""
    found = steps_of(protocol, man)
    assert {each.state for each in found} == {"full"}
    laboratory = next(each for each in found if each.section.code == "laboratory")
    assert (laboratory.answered < laboratory.asked, laboratory.missing) == (True, 0)
    without = man | {"labs": [row for row in man["labs"] if row["analyte"] != "anc"]}
    assert {each.section.code for each in steps_of(protocol, without) if each.state == "partial"} == {"laboratory"}


@pytest.mark.parametrize(
    ("code", "document", "expected"),
    [
        ("performance", {}, (0, 3, "empty")),
        ("performance", {"performance": {"ecog": 0}}, (1, 3, "partial")),
        ("performance", {"performance": {"ecog": 0, "life_expectancy_months": "unknown"}}, (1, 3, "partial")),
        ("performance", {"performance": {"ecog": 0, "life_expectancy_months": 6}}, (2, 3, "partial")),
        ("therapies", {"therapies": [{"kind": "systemic"}]}, (0, 1, "empty")),
        ("therapies", {"reviewed": ["therapies"]}, (1, 1, "partial")),
        ("laboratory", {"labs": [{"analyte": "anc"}, {"analyte": "anc"}]}, (1, 11, "partial")),
        ("history", {"history": [{"condition": "myocarditis", "status": "absent"}]}, (1, 36, "partial")),
        ("history", {"history": [{"condition": "myocarditis", "status": "unknown"}]}, (0, 36, "empty")),
        ("judgement", {"concurrent_study": "none"}, (1, 4, "partial")),
    ],
)
def test_section_says_how_much_is_answered_when(answered, code, document, expected):
    assert answered(code, document) == expected


def test_section_is_not_done_when_all_is_answered_and_a_criterion_still_waits(protocol, man):
    """160 mmHg without treatment: treat, and measure again. Every question of the section has an answer."""
    vitals = man["vitals"] | {"systolic_bp": 160, "on_antihypertensives": "no", "height_cm": 170, "date": "2026-03-08"}
    vitals |= {"weight_kg_3_months_ago": vitals["weight_kg"], "known_weight_loss_over_10_percent": "no"}
    found = {each.section.code: each for each in steps_of(protocol, man | {"vitals": vitals})}
    vital = found["vitals"]
    assert (vital.answered, vital.state, vital.words) == (vital.asked, "partial", "8 of 8 answered, 1 needed")
    assert found["performance"].words == "nothing missing"
    assert found["laboratory"].words == "nothing missing"


def test_section_is_not_done_when_an_answer_is_not_known_and_a_criterion_waits_for_it(protocol, man):
    unsure = man | {"performance": man["performance"] | {"ecog": "unknown"}}
    assert [each.section.code for each in steps_of(protocol, unsure) if each.state != "full"] == ["performance"]


def test_no_section_is_done_when_the_visit_cannot_be_evaluated(protocol, man):
    found = visit_progress(protocol.vocabulary, Revision(document=man), None)
    assert "full" not in {each.state for each in found}


def test_every_missing_fact_is_counted_in_a_section(protocol, cases):
    document = cases["nothing-known"]["document"]
    found = steps_of(protocol, document)
    counted = sum(each.missing for each in found)
    unasked = {f"cns.{name}" for name, field in protocol.vocabulary.parts["cns"].fields.items() if field.when}
    assert counted == len([step for step in outlook(protocol, document).steps if step.path not in unasked])
    assert {each.section.code: each.words for each in found}["cns"] == "0 of 5 answered, 4 needed"


def test_question_that_is_not_asked_is_counted_when_it_is_all_that_is_missing(protocol, man):
    cns = dict.fromkeys(("brainstem_metastasis", "meningeal_metastasis", "oedema", "symptomatic"), "no")
    cns |= {"spinal_cord_metastasis_or_compression": "no", "brain_metastases": "untreated", "largest_mm": 9}
    found = {each.section.code: each for each in steps_of(protocol, man | {"cns": cns})}["cns"]
    assert (found.state, found.missing) == ("partial", 1)
