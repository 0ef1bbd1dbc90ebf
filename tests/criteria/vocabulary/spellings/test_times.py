import pytest

from criteria.vocabulary.spellings import read_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        *(("1540", "15:40"), ("15:40", "15:40"), ("15：40", "15:40"), ("9:05", "09:05"), ("15点40分", "15:40")),
        *(("15.40", "15:40"), ("2540", ""), ("940", ""), ("15:60", ""), ("15", ""), ("下午3:40", ""), ("", "")),
    ],
)
def test_time_of_day_is_read_in_every_spelling(text, time):
    assert read_time(text) == time
