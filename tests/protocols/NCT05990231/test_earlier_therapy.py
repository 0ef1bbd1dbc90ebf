"""I06 looks at the regimens as a whole, in whatever order they stand."""

import pytest

from tests.protocols.NCT05990231.test_yaml_cases import ENTRIES
from tests.support.documents import outcomes


@pytest.mark.parametrize("entry", [pytest.param(entry, id=str(entry)) for entry in ENTRIES["I06"]])
def test_order_of_the_list_is_of_no_matter(protocol, entry):
    case = entry.read(protocol)
    case.document["therapies"] = (case.document["therapies"] or [])[::-1]
    assert outcomes(protocol, case.document)["I06"] == case.outcome
