from decimal import Decimal

import pytest

from criteria.rules.units import COMMON_FAMILIES, Quantity, quantity_of, unit_text
from tests.support.documents import changed, outcomes, put, result

# analyte: criterion, the change that makes the analyte decide, and for each accepted unit the last value that passes
# with the first that does not.
CELLS = {
    "anc": ("1.5", "1.49", "1500", "1499"),
    "platelets": ("100", "99.9", "100000", "99999"),
}
STEPS = [
    *(("I08", analyte, unit, *steps[:2]) for analyte, steps in CELLS.items() for unit in ("10*9/L", "10*3/uL")),
    *(("I08", analyte, unit, *steps[2:]) for analyte, steps in CELLS.items() for unit in ("/uL", "/mm3")),
    ("I08", "haemoglobin", "g/dL", "9.0", "8.99"),
    ("I08", "haemoglobin", "g/L", "90", "89.9"),
    ("I08", "haemoglobin", "mmol/L", "5.6", "5.59"),
    ("I08", "creatinine", "mg/dL", "1.5", "1.501"),
    ("I08", "creatinine", "umol/L", "132.6", "132.61"),
    ("I08", "creatinine_clearance", "mL/min", "60", "59.9"),
    ("I08", "bilirubin_total", "umol/L", "31.5", "31.51"),
    ("I08", "bilirubin_total", "mg/dL", "1.8", "1.801"),
    ("I08", "ast", "U/L", "60", "60.1"),
    ("I08", "alt", "U/L", "75", "75.1"),
    ("E30", "wbc", "10*9/L", "20", "20.1"),
    ("E30", "wbc", "10*3/uL", "20", "20.1"),
    ("E30", "wbc", "/uL", "20000", "20001"),
    ("E30", "wbc", "/mm3", "20000", "20001"),
    ("E20", "hbv_dna", "[IU]/mL", "200", "200.1"),
    ("E20", "hbv_dna", "{copies}/mL", "1000", "1000.1"),
    ("E20", "hcv_rna", "[IU]/mL", "15", "15.1"),
    ("E20", "hcv_rna", "{copies}/mL", "50", "50.1"),
]
BESIDE = {
    # a poor creatinine of a heavy old man, so that neither it nor Cockcroft-Gault can save the criterion
    "creatinine": [put(vitals__weight_kg=40)],
    "creatinine_clearance": [result("creatinine", "200", "umol/L", uln=111)],
    "hbv_dna": [put(infections__hbsag="positive", infections__hbv_antiviral="no")],
    "hcv_rna": [put(infections__hcv_antibody="positive")],
}
ULN = {
    ("creatinine", "umol/L"): "111",
    ("creatinine", "mg/dL"): "1.2",
    ("bilirubin_total", "umol/L"): "21",
    ("bilirubin_total", "mg/dL"): "1.2",
    ("ast", "U/L"): "40",
    ("alt", "U/L"): "50",
}
LOD = {("hcv_rna", "[IU]/mL"): "15", ("hcv_rna", "{copies}/mL"): "50"}


@pytest.mark.parametrize(("code", "analyte", "unit", "good", "bad"), STEPS, ids=lambda value: value)
def test_the_limit_itself_passes_and_one_step_beyond_fails_in_every_unit(protocol, code, analyte, unit, good, bad):
    extra = {"uln": ULN[analyte, unit]} if (analyte, unit) in ULN else {}
    extra |= {"lod": LOD[analyte, unit]} if (analyte, unit) in LOD else {}
    for value, expected in ((good, "pass"), (bad, "fail")):
        document = changed(*BESIDE.get(analyte, []), result(analyte, value, unit, **extra))
        assert outcomes(protocol, document)[code] == expected, (value, unit)


def test_every_unit_that_an_analyte_may_have_is_tried_above(protocol):
    accepted = {
        (code, unit)
        for code, analyte in protocol.vocabulary.parts["labs"].analytes.items()
        for unit in analyte.unit_names
    }
    assert accepted == {(analyte, unit) for _, analyte, unit, _, _ in STEPS}


def test_a_limit_given_in_two_units_is_the_one_of_the_unit_reported(protocol):
    """9.0 g/dL is 5.585 mmol/L: it passes as mass, and would fail as an amount."""
    assert outcomes(protocol, changed(result("haemoglobin", "9.0", "g/dL")))["I08"] == "pass"
    assert outcomes(protocol, changed(result("haemoglobin", "5.585", "mmol/L")))["I08"] == "fail"


@pytest.mark.parametrize(
    ("analyte", "unit", "other", "factor"),
    [
        ("creatinine", "mg/dL", "umol/L", "88.4"),
        ("bilirubin_total", "mg/dL", "umol/L", "17.1"),
        ("haemoglobin", "g/dL", "g/L", "10"),
        ("anc", "10*9/L", "/mm3", "1000"),
        ("platelets", "10*3/uL", "/uL", "1000"),
        ("wbc", "10*9/L", "10*3/uL", "1"),
    ],
)
def test_units_convert_by_the_fixed_factor_of_the_protocol(protocol, analyte, unit, other, factor):
    quantity = Quantity(protocol.vocabulary.parts["labs"].analytes[analyte].units)
    assert quantity.family(unit) == quantity.family(other)
    assert quantity.factor(unit) == quantity.factor(other) * Decimal(factor)


@pytest.mark.parametrize("analyte", ["haemoglobin", "hbv_dna", "hcv_rna"])
def test_units_that_no_fixed_factor_joins_stand_in_families_of_their_own(protocol, analyte):
    assert len(protocol.vocabulary.parts["labs"].analytes[analyte].units) == 2


def test_value_error_when_a_quantity_has_no_such_unit():
    with pytest.raises(ValueError):
        quantity_of("mm").family("K/uL")


@pytest.mark.parametrize("family", COMMON_FAMILIES)
def test_a_plain_number_counts_in_its_own_unit_first(family):
    for unit in family:
        quantity = quantity_of(unit)
        assert quantity.units[0] == unit
        assert quantity.factor(unit) == 1


def test_a_unit_that_the_table_lacks_converts_to_none():
    assert quantity_of("mm[Hg]").units == ("mm[Hg]",)


def test_units_are_written_as_people_read_them():
    assert [unit_text(unit) for unit in ("mm[Hg]", "{ULN}", "[IU]/mL", "1", "g/dL")] == [
        "mmHg",
        "× ULN",
        "IU/mL",
        "",
        "g/dL",
    ]


def test_the_result_of_the_last_day_counts_whatever_unit_it_has(protocol):
    def both(document):
        document["labs"] += [
            {"analyte": "anc", "value": 900, "unit": "/mm3", "collected": "2026-03-09"},
            {"analyte": "anc", "value": Decimal("1.6"), "unit": "10*9/L", "collected": "2026-03-09"},
            {"analyte": "anc", "value": 700, "unit": "/uL", "collected": "2026-03-07"},
        ]

    assert outcomes(protocol, changed(both))["I08"] == "pass"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("10*9/L", "×10⁹/L"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("umol/L", "µmol/L"),
        ("mm[Hg]", "mmHg"),
        ("[IU]/mL", "IU/mL"),
        ("g/dL", "g/dL"),
        ("1", ""),
    ],
)
def test_unit_is_written_as_people_write_it_when_its_code_is_another(code, written):
    assert unit_text(code) == written
