import pytest
from django.template import Context
from django.utils import translation

from criteria.versions.versions import protocol_of
from screening.crf.checklist import ChecklistForm
from screening.templatetags import condition_row as tag


@pytest.fixture
def row(version):
    tag.kept.clear()
    part = protocol_of(version).vocabulary.parts["history"]

    def row(**stored):
        entries = [{"condition": "ascites"} | stored] if stored else []
        (found,) = (row for row in ChecklistForm(part, {"history": entries}).rows if row.code == "ascites")
        return found

    return row


def test_row_is_as_rendered_anew_when_it_was_rendered_before(row):
    before = tag.condition_row(Context(), row(status="absent"))
    assert tag.condition_row(Context(), row(status="absent")) == before
    tag.kept.clear()
    assert tag.condition_row(Context(), row(status="absent")) == before


def test_answer_is_shown_when_the_row_was_kept_without_it(row):
    blank, absent = (tag.condition_row(Context(), each) for each in (row(), row(status="absent")))
    assert ("checked" in blank, "checked" in absent) == (True, True)
    assert blank != absent


def test_row_with_details_is_not_kept(row):
    """Its values belong to one subject."""
    text = tag.condition_row(Context(), row(status="past", date="2026-01"))
    assert "2026-01" in text
    assert not tag.kept


def test_row_that_was_typed_is_not_kept(row, rf):
    form = row()
    form.is_bound = True
    tag.condition_row(Context(), form)
    assert not tag.kept


def test_row_is_kept_for_each_language(row):
    tag.condition_row(Context(), row())
    with translation.override("de"):
        tag.condition_row(Context(), row())
    assert len(tag.kept) == 2
