from decimal import Decimal

import pytest

from criteria.definition.reader import parse_definition
from criteria.vocabulary.check_facts import result_record
from tests.conftest import PROTOCOL
from tests.support.documents import changed, result

# The test, its unit, the limit, the two ends of what is plausible for it, and one step beyond each.
ENDS = [
    ("creatinine", "umol/L", "uln", "40", "180", "0.1"),
    ("hbv_dna", "[IU]/mL", "lod", "1", "1000", "0.1"),
    ("hbv_dna", "{copies}/mL", "lod", "1", "5000", "0.1"),
    ("hcv_rna", "[IU]/mL", "lod", "1", "1000", "0.1"),
    ("hcv_rna", "{copies}/mL", "lod", "1", "5000", "0.1"),
]


DAY = "2026-03-08"


@pytest.mark.parametrize(("code", "unit", "which", "low", "high", "step"), ENDS)
def test_limit_is_plausible_from_one_end_to_the_other(protocol, code, unit, which, low, high, step):
    def told(value):
        given = {"analyte": code, "value": 30, "unit": unit, "collected": DAY, which: value}
        return result_record(protocol.vocabulary.parts["labs"], given)[f"{which}_plausible"]

    low, high, step = map(Decimal, (low, high, step))
    assert [told(value) for value in (low - step, low, high, high + step)] == ["no", "yes", "yes", "no"]


def test_limit_without_a_declared_range_is_neither_plausible_nor_not(protocol):
    """So older definitions stay valid, and nothing of their limits is asked."""
    lines = PROTOCOL.read_text(encoding="utf-8").splitlines()
    older = parse_definition("\n".join(line for line in lines if "plausible_uln" not in line))[1]
    given = {"analyte": "ast", "value": 30, "unit": "U/L", "collected": DAY, "uln": 400}
    document = changed(result("ast", 30, "U/L", uln=400))
    assert result_record(protocol.vocabulary.parts["labs"], given)["uln_plausible"] == "no"
    assert "uln_plausible" not in result_record(older.vocabulary.parts["labs"], given)
    assert older.assess(document) == protocol.assess(document)
