import pytest

from criteria.rules.units import unit_text
from criteria.vocabulary.parts import Results
from criteria.vocabulary.spellings import spelled_unit
from criteria.vocabulary.spellings.units import SPELLINGS

CELLS = ("10*9/L", "10*3/uL", "/uL", "/mm3")
HAEMOGLOBIN = ("g/dL", "g/L", "mmol/L")
VIRAL_LOAD = ("[IU]/mL", "{copies}/mL")


@pytest.mark.parametrize(
    ("text", "units", "unit"),
    [
        *(
            (text, CELLS, "10*9/L")
            for text in ("10*9/L", "10^9/L", "×10⁹/L", "x 10^9/l", "*10^9/L", "×109/L", "G/L", "Ｇ／Ｌ")
        ),
        *((text, CELLS, "10*3/uL") for text in ("10^3/µL", "10³/μL", "K/uL", "k/ul", "×10³/mm³")),
        *((text, CELLS, "/uL") for text in ("/µL", "/ul", "cells/μL")),
        *((text, CELLS, "/mm3") for text in ("/mm³", "/mm^3", "/mm3")),
        *((text, HAEMOGLOBIN, "g/L") for text in ("g/L", "g/l", "g / L")),
        *((text, VIRAL_LOAD, "[IU]/mL") for text in ("IU/mL", "iu/ml", "[IU]/mL", "ＩＵ／ｍＬ")),
        *((text, VIRAL_LOAD, "{copies}/mL") for text in ("copies/mL", "拷贝/ml", "Copies/ML")),
        *((text, ("umol/L", "mg/dL"), "umol/L") for text in ("µmol/L", "μmol/l", "umol/L", "μMOL/L")),
        *((text, ("U/L",), "U/L") for text in ("U/L", "u/l", "IU/L")),
        ("mm Hg", ("mm[Hg]",), "mm[Hg]"),
        ("公斤", ("kg",), "kg"),
    ],
)
def test_unit_is_known_by_its_spellings(text, units, unit):
    assert spelled_unit(text, units) == unit


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("g/L", CELLS),  # of a line of haemoglobin, pasted into a row of cells
        ("G/L", HAEMOGLOBIN),
        ("109/L", CELLS),
        ("10^6/L", CELLS),
        ("斤", ("kg",)),
        ("lb", ("kg",)),
        ("IU/L", VIRAL_LOAD),
        ("%", CELLS),
        ("", CELLS),
        ("10*9/L", ()),
    ],
)
def test_no_unit_is_known_when_it_is_none_of_the_test(text, units):
    assert spelled_unit(text, units) == ""


def test_every_unit_of_the_protocol_is_known_by_its_own_code_and_each_spelling(protocol):
    parts = [part for part in protocol.vocabulary.parts.values() if isinstance(part, Results)]
    for analyte in (analyte for part in parts for analyte in part.analytes.values()):
        for unit in analyte.unit_names:
            for text in (unit, unit_text(unit), *SPELLINGS.get(unit, ())):
                assert spelled_unit(text, analyte.unit_names) == unit
