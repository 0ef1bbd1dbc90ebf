import pytest

from criteria.definition.reader import parse_definition
from criteria.vocabulary.actions import actionable_names, declared_action, fact_action
from criteria.vocabulary.parts import Course
from tests.conftest import PROTOCOL, ROOT

RELEASED = (ROOT / "tests/data/released").glob("*/NCT05990231-*.yaml")
WITHOUT_ACTIONS = sorted(path for path in RELEASED if path.stem < "NCT05990231-1.4")


@pytest.fixture(scope="module")
def vocabulary():
    return parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary


@pytest.fixture(scope="module", params=WITHOUT_ACTIONS, ids=lambda path: path.stem)
def earlier(request):
    """The vocabulary of a released version, which declares no action."""
    return parse_definition(request.param.read_text(encoding="utf-8"))[1].vocabulary


@pytest.mark.parametrize(
    ("name", "path", "label", "action"),
    [
        ("labs.anc", "labs.anc", "neutrophils", "repeat"),  # from the part
        ("labs.anc.collected", "labs.anc", "neutrophils", "repeat"),  # of its test
        ("labs.hbv_dna.lod", "labs.hbv_dna", "HBV DNA", Course(do="start antiviral therapy")),
        ("consent.signed", "consent.signed", "informed consent signed", "none"),
        ("performance.life_expectancy_months", "performance.life_expectancy_months", "life expectancy", "review"),
        ("therapies", "therapies", "therapy", "none"),
        ("therapies.kind", "therapies", "therapy", "none"),  # of its list
        ("therapies.ongoing", "therapies.ongoing", "ongoing", Course(wait="the course has ended")),
        ("history.nephrotic_syndrome.status", "history.nephrotic_syndrome", "nephrotic syndrome", "review"),
        ("history.other_malignancy.type", "history.other_malignancy", "other malignant tumour", "none"),
        ("concurrent_study", "concurrent_study", "taking part in another study",
         Course(wait="the treatment in the other study has ended")),
    ],
)  # fmt: skip
def test_action_is_the_nearest_that_is_declared(vocabulary, name, path, label, action):
    found = fact_action(vocabulary, name)
    assert (found.path, found.label, found.action) == (path, label, action)


def test_everything_that_this_trial_asks_has_a_declared_action(vocabulary):
    """Only the days of the visit have none: time passes by itself."""
    undeclared = {name for name in actionable_names(vocabulary) if declared_action(vocabulary, name).action is None}
    assert undeclared == {"visit.date", "visit.planned_first_dose_date"}


def test_where_nothing_is_declared_a_result_is_repeated_and_an_answer_is_not(earlier):
    repeated = {name for name in actionable_names(earlier) if fact_action(earlier, name).action == "repeat"}
    assert repeated == {f"labs.{code}" for code in earlier.parts["labs"].analytes}
    assert {fact_action(earlier, name).action for name in actionable_names(earlier)} == {"repeat", "none"}
