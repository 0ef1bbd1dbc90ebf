import pytest
from hypothesis import given, strategies as st

from criteria.records.official_wording import (
    OfficialWording,
    official_wordings,
    sponsor_protocol_text,
    wording_text,
    written_wording,
)

BOTH = {"zh": "中性粒细胞计数\n≥ 1.5×10⁹/L", "en": "Neutrophils [ANC] of 1.5 or more"}


def test_wording_of_several_languages_is_one_text_and_comes_back():
    text = wording_text(BOTH)
    assert text == "[en] Neutrophils [ANC] of 1.5 or more\n[zh] 中性粒细胞计数\n≥ 1.5×10⁹/L"
    assert written_wording(text) == BOTH
    assert official_wordings(text) == (OfficialWording("en", BOTH["en"]), OfficialWording("zh", BOTH["zh"]))


@given(st.text())
def test_text_without_a_tag_stays_as_it_was_typed(text):
    if not text.startswith("["):
        assert written_wording(text) == text
        assert official_wordings(text) == ((OfficialWording("", text),) if text else ())


def test_language_that_stands_twice_loses_nothing():
    assert written_wording("[en] one\n[zh] 二\n[en] two") == {"en": "one\ntwo", "zh": "二"}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (None, ""),
        ({"version": "3.0"}, "3.0"),
        ({"version": "3.0", "date": "2023-05-04"}, "3.0 of 2023-05-04"),
    ],
)
def test_sponsor_protocol_is_told_with_its_day_where_it_has_one(block, words):
    assert sponsor_protocol_text(block) == words
