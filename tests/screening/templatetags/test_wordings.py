import pytest

from criteria.versions.comparison import SentencePair, ValueChange
from screening.templatetags.wordings import each_sentence_once, outcome_for, whole_days


def change(name, *codes):
    return ValueChange(name, name, "1", "2", tuple(SentencePair(code, "old", "new") for code in codes))


def test_sentence_that_two_values_share_is_shown_once_and_referred_to():
    changes = (change("min_anc", "I08"), change("max_ast", "I08", "I09"), change("unread"))
    told = [([pair.code for pair in shown], above) for _change, shown, above in each_sentence_once(changes)]
    assert told == [(["I08"], []), (["I09"], ["I08"]), ([], [])]


def test_day_is_kept_whole_and_nothing_in_the_words_is_taken_for_markup():
    assert whole_days("since 2026-04-01; <3> follows") == (
        'since <span class="day">2026-04-01</span>; &lt;3&gt; follows'
    )


@pytest.mark.parametrize(
    ("outcome", "inclusion", "exclusion"),
    [
        ("pass", "met", "absent"),
        ("fail", "not met", "present"),
        ("unknown", "not yet known", "not yet known"),
        ("not_applicable", "not applicable", "not applicable"),
        (None, "", ""),
    ],
)
def test_outcome_is_named_by_the_category_of_its_criterion(outcome, inclusion, exclusion):
    assert (outcome_for(outcome, "inclusion"), outcome_for(outcome, "exclusion")) == (inclusion, exclusion)
