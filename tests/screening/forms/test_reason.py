import pytest

from screening.forms.reason import LONGEST, ReasonForm


@pytest.mark.parametrize("text", ["", "typing error", "x" * LONGEST])
def test_reason_is_short_text(text):
    assert ReasonForm({"reason": text}).is_valid()


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "11010519491231002X", "a\x00b"])
def test_reason_is_refused_when_it_is_too_long_or_names_a_person(text):
    assert not ReasonForm({"reason": text}).is_valid()
