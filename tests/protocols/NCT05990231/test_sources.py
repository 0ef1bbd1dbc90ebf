"""Version 1.3 says where each value and each rule comes from, and changes nothing else."""

import pytest

from criteria.definition.reader import Edition, parse_definition
from criteria.versions.comparison import compare
from tests.conftest import PROTOCOL, ROOT
from tests.support.documents import BASE

REGISTRY = "ClinicalTrials.gov NCT05990231 (August 2023), "
AGES = {"lab", "wbc", "viral_load", "serology", "ecog", "vitals", "imaging", "cns_imaging"}
OPEN = {"vascular_event", *(f"{kind}_max_age" for kind in AGES)}
RECIST = {"min_node", "min_lesion"}


@pytest.fixture(scope="module")
def before():
    return Edition(*parse_definition((ROOT / "tests/data/released/1.0.0/NCT05990231-1.2.yaml").read_text()))


@pytest.fixture(scope="module")
def sourced():
    return Edition(*parse_definition((ROOT / "tests/data/NCT05990231-1.3.yaml").read_text()))


@pytest.fixture(scope="module")
def now():
    return Edition(*parse_definition(PROTOCOL.read_text()))


def test_every_criterion_names_its_own_place_in_the_registry(now):
    for criterion in now.protocol.criteria:
        place = f"{criterion.category} criterion {int(criterion.code[1:])}: “"
        assert criterion.source.startswith(REGISTRY + place)
        assert criterion.source.endswith("”")


def test_every_parameter_names_the_criterion_of_the_registry_or_says_that_it_gives_no_number(now):
    limits = now.protocol.limits
    unnumbered = {name for name, limit in limits.items() if "gives no number" in limit.source}
    assert unnumbered == OPEN | RECIST
    assert all(limits[name].source.startswith("RECIST 1.1") for name in RECIST)
    assert all(limits[name].source.startswith("Site's interpretation of ") for name in OPEN)
    assert all(limit.source.startswith(REGISTRY) for name, limit in limits.items() if name not in unnumbered)


def test_nothing_but_sources_differs_from_the_version_before(before, sourced):
    found = compare(before, sourced)
    assert (found.values, found.titles, found.questions) == ((), (), ())
    assert (found.changed_codes, found.same_questions) == (frozenset(), True)
    assert [difference.label for difference in found.rest] == [
        f"{limit.title}: source" for limit in sourced.protocol.limits.values()
    ]
    assert [(change.code, [part.label for part in change.parts]) for change in found.criteria] == [
        (criterion.code, ["source"]) for criterion in sourced.protocol.criteria
    ]


@pytest.mark.parametrize("sex", BASE)
def test_sheet_is_the_same_as_by_the_version_before(before, sourced, sex):
    assert sourced.protocol.assess(BASE[sex]) == before.protocol.assess(BASE[sex])
