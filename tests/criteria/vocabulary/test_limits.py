from decimal import Decimal

import pytest

from criteria.vocabulary.limits import SiteLimit, doubtful_limit, implausible_limit, site_difference


@pytest.fixture
def analytes(protocol):
    return protocol.vocabulary.parts["labs"].analytes


# The test, its unit, the two ends of what is plausible for its upper limit, and one step beyond each.
ENDS = [
    ("creatinine", "umol/L", "40", "180", "0.1"),
    ("bilirubin_total", "umol/L", "8", "40", "0.1"),
    ("ast", "U/L", "15", "90", "1"),
    ("alt", "U/L", "15", "90", "1"),
]


@pytest.mark.parametrize(("code", "unit", "low", "high", "step"), ENDS)
def test_limit_is_plausible_from_one_end_to_the_other(analytes, code, unit, low, high, step):
    def told(value):
        return implausible_limit(analytes[code], unit, value)

    low, high, step = map(Decimal, (low, high, step))
    assert [told(value) for value in (low, high)] == [None, None]
    for value in (low - step, high + step):
        assert told(value).startswith(f"outside what is plausible: {low} to {high} ")


@pytest.mark.parametrize(
    ("code", "value", "unit", "message"),
    [
        ("creatinine", Decimal("1.2"), "umol/L", "40 to 180 µmol/L; plausible would be 1.2 mg/dL"),
        ("creatinine", 104, "mg/dL", "0.453 to 2.03 mg/dL; plausible would be 104 µmol/L"),
        ("bilirubin_total", Decimal("1.2"), "umol/L", "8 to 40 µmol/L; plausible would be 1.2 mg/dL"),
        ("ast", 400, "U/L", "15 to 90 U/L"),
    ],
)
def test_implausible_limit_is_told_with_the_unit_in_which_it_would_be_right(analytes, code, value, unit, message):
    assert implausible_limit(analytes[code], unit, value) == f"outside what is plausible: {message}"


@pytest.mark.parametrize("value", [None, "unknown"])
def test_unknown_limit_is_not_doubtful(analytes, value):
    site = [SiteLimit(104, "umol/L")]
    assert doubtful_limit(analytes["creatinine"], "umol/L", value, site) is None


def test_limit_without_a_declared_range_is_not_doubtful(analytes):
    assert implausible_limit(analytes["anc"], "10*9/L", 1) is None


@pytest.mark.parametrize(("value", "doubtful"), [(60, False), (61, True), (27, False), (26, True), (0, True)])
def test_upper_limit_may_differ_from_the_sites_own_by_half(analytes, value, doubtful):
    assert bool(site_difference(analytes["ast"], "U/L", value, [SiteLimit(40, "U/L")])) is doubtful


def test_upper_limit_is_compared_with_the_sites_own_in_another_unit(analytes):
    site = [SiteLimit(104, "umol/L", "City laboratory")]
    assert site_difference(analytes["creatinine"], "mg/dL", Decimal("1.2"), site) is None
    assert site_difference(analytes["creatinine"], "mg/dL", Decimal("2.0"), site) == (
        "differs by more than a factor of 1.5 from the site's own range of that day: 104 µmol/L (City laboratory)"
    )


def test_upper_limit_that_is_close_to_that_of_one_laboratory_is_not_doubtful(analytes):
    site = [SiteLimit(40, "U/L", "A"), SiteLimit(80, "U/L", "B")]
    assert site_difference(analytes["ast"], "U/L", 85, site) is None
    assert site_difference(analytes["ast"], "U/L", 20, site).endswith("40 U/L (A) or 80 U/L (B)")


def test_limit_of_a_unit_that_does_not_convert_says_nothing(analytes):
    assert site_difference(analytes["haemoglobin"], "mmol/L", 11, [SiteLimit(170, "g/L")]) is None


def test_limit_that_is_implausible_and_far_from_the_sites_own_says_both_at_once(analytes):
    assert doubtful_limit(analytes["ast"], "U/L", 400, [SiteLimit(40, "U/L")]) == (
        "outside what is plausible: 15 to 90 U/L; differs by more than a factor of 1.5"
        " from the site's own range of that day: 40 U/L"
    )
    assert doubtful_limit(analytes["ast"], "U/L", 40, [SiteLimit(40, "U/L")]) is None
