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
        ("performance", {}, (0, 2, "empty")),
        ("performance", {"performance": {"ecog": 0}}, (1, 2, "partial")),
        ("performance", {"performance": {"ecog": 0, "life_expectancy_months": "unknown"}}, (1, 2, "partial")),
        ("performance", {"performance": {"ecog": 0, "life_expectancy_months": 6}}, (2, 2, "full")),
        ("therapies", {"therapies": [{"kind": "systemic"}]}, (0, 1, "empty")),
        ("therapies", {"reviewed": ["therapies"]}, (1, 1, "full")),
        ("laboratory", {"labs": [{"analyte": "anc"}, {"analyte": "anc"}]}, (1, 11, "partial")),
        ("history", {"history": [{"condition": "myocarditis", "status": "absent"}]}, (1, 36, "partial")),
        ("history", {"history": [{"condition": "myocarditis", "status": "unknown"}]}, (0, 36, "empty")),
        ("judgement", {"concurrent_study": "none"}, (1, 4, "partial")),
    ],
)
def test_section_says_how_much_is_answered_when(answered, code, document, expected):
    assert answered(code, document) == expected
