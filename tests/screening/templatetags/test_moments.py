import re
from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

from tests.conftest import ROOT

AT = datetime(2026, 11, 30, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filters", "at", "shown"),
    [
        ("moment", AT, "2026-11-30 10:06 (UTC+8)"),
        ("clock", AT, "10:06 (UTC+8)"),
        ('moment|default:"–"', None, "–"),
        ("clock", None, ""),
    ],
)
def test_time_is_that_of_the_site_when_shown(filters, at, shown):
    with timezone.override("Asia/Shanghai"):
        assert Template(f"{{{{ at|{filters} }}}}").render(Context({"at": at})) == shown


def test_every_page_shows_a_time_by_the_one_filter():
    pages = (ROOT / "templates").rglob("*.html")
    assert [str(page) for page in pages if re.search(r"""\|date:.[^"']*[His]""", page.read_text("utf-8"))] == []
