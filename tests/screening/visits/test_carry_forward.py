import pytest

from screening.visits.carry_forward import carry_forward
from screening.visits.save import open_visit, register_subject, save_section

START = {"visit": {"date": "2026-06-01"}}


@pytest.fixture
def again(trial, coordinator, cases):
    """A second attempt of somebody whose first one is completely known."""
    subject = register_subject(trial, coordinator)
    open_visit(subject, coordinator, cases["base-man"]["document"])
    return open_visit(subject, coordinator, START)


def carried(visit, vocabulary, document=None):
    known = document or visit.latest_revision().document
    parts = [carry_forward(visit, section, known) for section in vocabulary.sections]
    return {key: value for part in parts for key, value in part.items()}


def test_nothing_is_carried_over_at_a_first_attempt(trial, coordinator, cases, vocabulary):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])
    assert carried(visit, vocabulary, START) == {}


def test_what_does_not_perish_is_carried_over(again, vocabulary, cases):
    before, found = cases["base-man"]["document"], carried(again, vocabulary)
    assert {key: found.get(key) for key in ("subject", "disease", "lesions")} == {
        key: before[key] for key in ("subject", "disease", "lesions")
    }
    assert len(found["history"]) == len(before["history"])
    assert not found.keys() & {"visit", "labs", "vitals", "performance", "consent", "reviewed"}


def test_what_may_have_changed_is_asked_anew(again, vocabulary, cases):
    assert cases["base-man"]["document"]["therapies"][0]["ongoing"] == "no"
    assert "ongoing" not in carried(again, vocabulary)["therapies"][0]


def test_nothing_is_carried_over_where_this_visit_has_an_answer(again, vocabulary, coordinator):
    save_section(again, "disease", {"disease": {"extent": "metastatic"}, "reviewed": ["lesions"]}, 1, coordinator)
    assert not carried(again, vocabulary).keys() & {"disease", "lesions"}


@pytest.mark.parametrize("nothing", [None, "unknown", {}])
def test_an_empty_answer_leaves_the_question_open(again, vocabulary, nothing):
    assert "disease" in carried(again, vocabulary, START | {"disease": nothing})


def test_attempt_given_up_early_hides_nothing_of_the_one_before_it(again, vocabulary, coordinator):
    found = carried(again, vocabulary)
    none_left = {"disease": {"extent": "recurrent"}, "lesions": [], "reviewed": ["lesions"]}
    save_section(again, "disease", none_left, 1, coordinator)
    third = open_visit(again.subject, coordinator, START)
    del found["lesions"]  # the second attempt found that there is none
    assert carried(third, vocabulary) == found | {"disease": {"extent": "recurrent"}}


def test_part_that_is_faulty_at_this_visit_is_not_carried_over(again, vocabulary):
    """A birth after the visit: whichever of the two is the slip, nobody has confirmed it here."""
    born_late = {"subject": {"sex": "male", "birth_date": "2026-05"}}
    subject = register_subject(again.subject.trial, again.created_by)
    open_visit(subject, again.created_by, START | born_late)
    visit = open_visit(subject, again.created_by, {"visit": {"date": "2026-04-30"}})
    assert carried(visit, vocabulary) == {}
