import pytest


def sentence(protocol, code):
    (criterion,) = [each for each in protocol.criteria if each.code == code]
    return protocol.sentence(criterion)


FRAGMENTS = {
    "I02": ["Requires: ", "at least 18 years", "at most 80 years"],
    "I03": ["Requires: ECOG performance status at most 1."],
    "I08": ["neutrophils at least 1500 /mm³", "9 g/dL or 5.6 mmol/L, by the unit reported", "within 14 days before"],
    "I10": ["Where sex is female", "requires: "],
    "E03": ["Excludes: ", "no earlier than 3 weeks before planned first dose", "nothing but interleukin-11"],
    "E14": ["12 months before planned first dose", "NYHA class at least 2"],
    "E15": ["systolic blood pressure at least 160 mmHg", "undecided: treat the blood pressure"],
    "E20": ["HBV DNA above 200 IU/mL or 1000 copies/mL, by the unit reported", "above its limit of detection"],
    "E24": ["within 30 days before", "within 30 days after"],
    "E28": ["Where sex is female, excludes: pregnant is yes or breastfeeding is yes."],
    "E30": ["white cells above 20 ×10⁹/L", "weight lost in three months above 10 %"],
}


@pytest.mark.parametrize("code", FRAGMENTS)
def test_a_rule_reads_as_a_sentence_with_its_limits(protocol, code):
    found = sentence(protocol, code)
    for fragment in FRAGMENTS[code]:
        assert fragment in found, found


def test_every_criterion_of_every_trial_can_be_read(protocol, second):
    for trial in (protocol, second):
        for criterion in trial.criteria:
            found = trial.sentence(criterion)
            assert found.endswith(".")
            assert "$" not in found
            assert "_" not in found


@pytest.mark.parametrize(
    ("name", "value", "code", "old", "new"),
    [
        ("max_ecog", "2", "I03", "at most 1", "at most 2"),
        ("min_anc", "1000", "I08", "1500 /mm³", "1000 /mm³"),
        ("washout_systemic", "5", "E03", "3 weeks", "5 weeks before"),
        ("lab_max_age", "28", "I08", "at any time", "within 28 days before"),
        ("vascular_event", "7", "E15", "at any time", "7 months before"),
        ("min_haemoglobin", "8.50", "I08", "9 g/dL", "8.5"),
    ],
)
def test_a_sentence_changes_with_its_parameter(protocol, with_parameter, name, value, code, old, new):
    after = sentence(with_parameter(name, value), code)
    assert new not in sentence(protocol, code)
    assert new in after
    assert old not in after
