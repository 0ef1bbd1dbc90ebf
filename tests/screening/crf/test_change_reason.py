import pytest

from screening.crf.change_reason import CAUSES, LONGEST_REASON, ChangeReasonForm


@pytest.mark.parametrize("text", ["", "typing error", "x" * LONGEST_REASON])
def test_reason_is_short_text(text):
    form = ChangeReasonForm({"reason": text})
    assert form.is_valid()
    assert form.reason_text == text


@pytest.mark.parametrize("text", ["x" * (LONGEST_REASON + 1), "11010519491231002X", "a\x00b"])
def test_reason_is_refused_when_it_is_too_long_or_names_a_person(text):
    assert not ChangeReasonForm({"reason": text}).is_valid()


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause != "other"])
def test_reason_from_the_list_is_enough_and_is_kept_in_words(cause):
    form = ChangeReasonForm({"cause": cause})
    assert form.is_valid()
    assert form.reason_text == CAUSES[cause]


def test_words_of_one_s_own_stand_behind_the_reason_from_the_list():
    form = ChangeReasonForm({"cause": "reissued", "reason": "fax of 9 March"})
    assert form.is_valid()
    assert form.reason_text == "result reissued by the laboratory: fax of 9 March"


def test_other_reason_must_be_said():
    assert list(ChangeReasonForm({"cause": "other"}).errors) == ["reason"]
    form = ChangeReasonForm({"cause": "other", "reason": "the sample was mixed up"})
    assert form.is_valid()
    assert form.reason_text == "the sample was mixed up"


def test_reason_that_is_not_in_the_list_is_refused():
    assert not ChangeReasonForm({"cause": "because"}).is_valid()
