from datetime import datetime, timedelta, timezone

import pytest

from criteria.records.moments import moment_text


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        (8, "2026-11-30 10:06 (UTC+8)"),
        (0, "2026-11-30 10:06 (UTC)"),
        (-5, "2026-11-30 10:06 (UTC-5)"),
        (5.5, "2026-11-30 10:06 (UTC+5:30)"),
    ],
)
def test_moment_has_its_offset_when_written(hours, written):
    assert moment_text(datetime(2026, 11, 30, 10, 6, 59, tzinfo=timezone(timedelta(hours=hours)))) == written
