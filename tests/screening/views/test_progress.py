import pytest

from screening.views.progress import step


@pytest.fixture
def answered(vocabulary):
    def counted(code, document):
        found = step(vocabulary.section(code), document)
        return found.answered, found.asked, found.state

    return counted


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
