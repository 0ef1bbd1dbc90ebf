import pytest
from django.template import Context, Template

from screening.models import Revision
from screening.templatetags import source as tag
from screening.visits.save import open_visit, register_subject, save_section

pytestmark = pytest.mark.django_db


def rendered(revision):
    return Template("{% load source %}{% source revision %}").render(Context({"revision": revision}))


@pytest.fixture
def corrected(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    return save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator, reason="read <anew>")


def test_source_says_who_saved_a_value_when_and_why(corrected):
    shown = rendered(corrected)
    assert shown.startswith(f'<span class="source">by {corrected.created_by.username}, 20')
    assert f'<a href="/visits/{corrected.visit_id}/revisions/2/">revision 2</a>: read &lt;anew&gt;</span>' in shown


def test_first_revision_needs_no_reason(corrected):
    assert rendered(Revision.objects.get(number=1)).endswith("revision 1</a></span>")


def test_nothing_is_said_where_there_is_no_source():
    assert rendered(None) == ""


def test_text_of_a_revision_is_made_once_however_many_values_it_gave(corrected, monkeypatch):
    first = rendered(corrected)
    monkeypatch.setattr(tag, "source_html", None)
    assert rendered(corrected) == first
