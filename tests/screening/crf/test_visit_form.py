from django.http import QueryDict

from screening.crf.section import visit_form


def test_visit_is_opened_with_the_vocabulary_s_own_questions(vocabulary, other_vocabulary):
    assert list(visit_form(vocabulary).parts[0].form.fields) == ["date", "planned_first_dose_date"]
    assert list(visit_form(other_vocabulary).parts[0].form.fields) == ["date"]


def test_document_holds_the_visit_and_nothing_else(vocabulary):
    form = visit_form(vocabulary, QueryDict("visit-date=2026-03-09&subject-sex=male"))
    assert form.document == {"visit": {"date": "2026-03-09"}}
