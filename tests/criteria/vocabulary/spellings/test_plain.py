import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary.spellings import plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１８７．５　ｇ／Ｌ", "187.5 g/L"),
        ("\u00a05.2\u00a0", "5.2"),
        ("1\u202f200", "1\u00a0200"),
        ("−3", "-3"),
        ("5。2", "5.2"),
        ("×10⁹/L", "×10^9/L"),
        ("10¹²", "10^12"),
        ("µmol", "μmol"),
        ("≦20", "≤20"),
        ("\ufeff5\u200b", "5"),
        ("①½", "①½"),
        ("", ""),
    ],
)
def test_signs_of_an_input_method_are_made_plain(text, plain):
    assert plain_text(text) == plain


@given(st.text())
def test_plain_text_stays_as_it_is(text):
    assert plain_text(plain_text(text)) == plain_text(text)
