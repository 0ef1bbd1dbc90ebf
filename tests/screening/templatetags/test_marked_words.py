import pytest
from hypothesis import given, strategies as st

from screening.templatetags.wordings import word_diff

TEXT = st.text(st.sampled_from(list("ab 1.5≥≤(),\n中性粒")), max_size=30)


def differing(spans):
    return [span.text for span in spans if span.differs]


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("at least 1500 /mm3 and", "at least 1000 /mm3 and", ["1500"], ["1000"]),
        ("at most 1.5 × ULN", "at most 2.5 × ULN", ["1.5"], ["2.5"]),
        ("within 3 weeks before", "at any time before", ["within 3 weeks"], ["at any time"]),
        ("the same", "the same", [], []),
        ("", "all of it", [], ["all of it"]),
        ("all of it", "", ["all of it"], []),
        ("中性粒细胞至少1500", "中性粒细胞至少1000", ["1500"], ["1000"]),
        ("年龄至少18岁", "年龄最多18岁", ["至少"], ["最多"]),
    ],
)
def test_only_what_differs_is_marked(old, new, removed, added):
    found = word_diff(old, new)
    assert (differing(found.old), differing(found.new)) == (removed, added)


@given(old=TEXT, new=TEXT)
def test_no_letter_is_lost_and_equal_texts_have_no_marks(old, new):
    found = word_diff(old, new)
    assert "".join(span.text for span in found.old) == old
    assert "".join(span.text for span in found.new) == new
    assert (not differing(found.old) and not differing(found.new)) == (old == new)
    assert all(span.text for span in found.old + found.new)
