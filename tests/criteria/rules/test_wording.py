import pytest

from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from criteria.rules.wording import plain_text, words_pattern
from tests.criteria.rules.small import checked, decoded, evaluated


def finds(words, text):
    return bool(words_pattern(words).search(plain_text(text)))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["brain"], "Left BRAIN, frontal"),
        (["cerebr-"], "cerebral"),
        (["spinal cord"], "spinal-cord T4"),
        (["spinal cord"], "spinal  cord"),
        (["脑"], "左侧小脑"),
        (["brain"], "ｂｒａｉｎ"),
        (["ILD"], "ILD, grade 2"),
    ],
)
def test_word_is_found_whole_as_a_stem_or_in_chinese(words, text):
    assert finds(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["brain"], "brainstem"),
        (["ild"], "mild rash"),
        (["cerebr-"], "intracerebral"),
        (["spinal cord"], "spinal metastasis, vocal cord"),
        ([], "anything"),
        (["脑"], "肝"),
    ],
)
def test_word_is_not_found_inside_another_one(words, text):
    assert not finds(words, text)


NAMES = {"names": {"text": "note", "words": ["brain", "脑"], "but": ["brain stem", "脑膜"]}}


@pytest.mark.parametrize(
    ("text", "truth"),
    [("brain", TRUE), ("brain stem", FALSE), ("脑膜", FALSE), ("脑膜, 左脑", TRUE), ("liver", FALSE), (None, UNKNOWN)],
)
def test_what_but_names_is_left_out_before_the_words_are_sought(text, truth):
    assert evaluated(NAMES, {"note": text} if text else {}).truth is truth


def test_names_needs_a_text():
    _, found = checked({"names": {"text": "pulse", "words": ["fast"]}})
    assert [message for _, message in found.faults] == ["“pulse” is a number; a text is needed here"]


@pytest.mark.parametrize("words", [[], ["-"], [5], ""])
def test_words_without_a_letter_are_refused(words):
    assert decoded({"names": {"text": "note", "words": words}})[1]
