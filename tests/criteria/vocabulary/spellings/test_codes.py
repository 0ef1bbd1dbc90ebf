import pytest

from criteria.vocabulary.spellings import spelled_code

SEROLOGY = ("negative", "positive", "indeterminate")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "positive") for text in ("+", "＋", "1+", "++", "(+)", "阳性", "Reactive")),
        *((text, "negative") for text in ("-", "(-)", "－", "阴性", "Non-reactive", "neg")),
        *((text, "indeterminate") for text in ("±", "+/-", "grey zone", "灰区")),
        *((text, "") for text in ("", "maybe", "弱阳性", "5+", "positive?", "-+")),
    ],
)
def test_code_is_read_of_what_a_laboratory_writes(text, code):
    assert spelled_code(text, SEROLOGY) == code


def test_code_that_a_field_does_not_have_is_not_read():
    assert spelled_code("±", ("negative", "positive")) == ""
