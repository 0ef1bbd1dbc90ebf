import pytest

from criteria.vocabulary.spellings import is_graded, is_not_detected, is_unusable, is_worded
from criteria.vocabulary.values import number_hint


@pytest.mark.parametrize(
    "text", ["not detected", "Not  Detected.", "TND", "未检出", "低于检测下限", "＜检测下限", "阴性"]
)
def test_not_detected_is_known_by_its_words(text):
    assert (is_not_detected(text), is_unusable(text)) == (True, False)
    assert "as a bare number" in number_hint(text)


@pytest.mark.parametrize(
    "text",
    [
        *("haemolysed", "Hemolyzed sample", "clotted", "Not done", "lipaemic", "LIPEMIC", "insufficient", "ＱＮＳ"),
        *("sample lost", "Specimen: clotted", "grossly haemolysed", "Mild haemolysis", "The sample was rejected."),
        *(
            "cancelled",
            "溶血",
            "标本溶血",
            "标本严重溶血",
            "凝血",
            "凝固",
            "有凝块",
            "标本有凝块",
            "标本量不足",
            "血量不足",
        ),
        *("标本不合格", "样本不合格", "脂血", "乳糜血", "标本丢失", "未做"),
    ],
)
def test_sample_without_a_result_is_known_by_its_words(text):
    assert (is_not_detected(text), is_unusable(text), is_worded(text)) == (False, True, True)
    assert "the sample gave no result" in number_hint(text)


@pytest.mark.parametrize("text", ["haemolysed 5.2", "溶血, 5.2", "溶血２.1", "see comment", "no clot", "2 lost"])
def test_words_beside_which_a_number_may_be_meant_are_asked(text):
    assert not is_unusable(text)


@pytest.mark.parametrize(
    "text", ["1+", "１＋", "++", "+", "(+)", "±", "+/-", "-", "trace", "Weakly positive", "弱阳性"]
)
def test_grade_is_no_number_and_stands_in_place_of_one(text):
    assert (is_graded(text), is_worded(text), is_unusable(text)) == (True, True, False)
    assert "a graded result is no measured number" in number_hint(text)


@pytest.mark.parametrize("text", ["5.2", "<20", "＜ 20", "≥1,200", "5.2 mg", "-3", "2026-03-10", ".5", "5-6"])
def test_number_is_never_taken_for_words(text):
    assert (is_graded(text), is_worded(text), is_unusable(text)) == (False, False, False)


@pytest.mark.parametrize("text", ["5", "detected", "positive", "<20", "", "not detected in urine"])
def test_other_words_are_neither(text):
    assert (is_not_detected(text), is_unusable(text)) == (False, False)
