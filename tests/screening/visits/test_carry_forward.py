import pytest

from screening.exceptions import Unanswered
from screening.visits.carry_forward import carry_forward
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.answered import answered

START = {"visit": {"date": "2026-06-01"}}


@pytest.fixture
def again(trial, coordinator, cases):
    """A second attempt of somebody whose first one is completely known."""
    subject = register_subject(trial, coordinator)
    open_visit(subject, coordinator, cases["base-man"]["document"])
    return open_visit(subject, coordinator, START)


def carried(visit, vocabulary, document=None):
    known = document or visit.latest_revision().document
    parts = [carry_forward(visit, section, known).carried for section in vocabulary.sections]
    return {key: value for part in parts for key, value in part.items()}


def is_perishable(vocabulary, entry):
    return vocabulary.parts["history"].conditions[entry["condition"]].perishable


def recalled(visit, vocabulary):
    return carry_forward(visit, vocabulary.section("history"), visit.latest_revision().document).recalled


def test_nothing_is_carried_over_at_a_first_attempt(trial, coordinator, cases, vocabulary):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])
    assert carried(visit, vocabulary, START) == {}


def test_what_does_not_perish_is_carried_over(again, vocabulary, cases):
    before, found = cases["base-man"]["document"], carried(again, vocabulary)
    assert {key: found.get(key) for key in ("subject", "disease", "lesions")} == {
        key: before[key] for key in ("subject", "disease", "lesions")
    }
    assert len(found["history"]) == sum(not is_perishable(vocabulary, entry) for entry in before["history"])
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
    answered(open_visit, subject, again.created_by, START | born_late)
    visit = open_visit(subject, again.created_by, START)
    assert carried(visit, vocabulary, {"visit": {"date": "2026-04-30"}}) == {}


def test_perishable_condition_is_recalled_and_not_carried_over(again, vocabulary, cases):
    before = [entry for entry in cases["base-man"]["document"]["history"] if is_perishable(vocabulary, entry)]
    assert recalled(again, vocabulary) == {"history": before}
    assert {"bleeding_event", "infection", "cerebrovascular_accident"} <= {entry["condition"] for entry in before}
    assert not any(is_perishable(vocabulary, entry) for entry in carried(again, vocabulary)["history"])


def test_rest_of_the_history_is_still_open_when_some_conditions_are_answered(again, vocabulary, coordinator):
    before, kept = carried(again, vocabulary)["history"], recalled(again, vocabulary)["history"]
    answered = [kept[0] | {"status": "past"}, before[0], {"condition": before[1]["condition"], "status": "unknown"}]
    save_section(again, "history", {"history": answered}, 1, coordinator)
    assert carried(again, vocabulary)["history"] == before[2:]
    assert recalled(again, vocabulary)["history"] == kept[1:]


def test_history_answered_in_part_at_one_attempt_hides_nothing_of_the_one_before_it(again, vocabulary, coordinator):
    before = carried(again, vocabulary)["history"]
    said = {"condition": before[0]["condition"], "status": "past", "date": "2020"}
    unknown = {"condition": before[1]["condition"], "status": "unknown"}
    save_section(again, "history", {"history": [said, unknown]}, 1, coordinator)
    third = open_visit(again.subject, coordinator, START)
    found = {entry["condition"]: entry for entry in carried(third, vocabulary)["history"]}
    assert found == {entry["condition"]: entry for entry in before} | {said["condition"]: said}


# A condition that somebody had at an earlier attempt


@pytest.fixture
def after_a_stroke(trial, coordinator, cases):
    """A second attempt of somebody who had a stroke by the first one."""
    document = cases["base-man"]["document"]
    stroke = {"condition": "cerebrovascular_accident", "status": "past", "date": "2024"}
    history = [stroke if entry["condition"] == stroke["condition"] else entry for entry in document["history"]]
    subject = register_subject(trial, coordinator)
    open_visit(subject, coordinator, document | {"history": history})
    return open_visit(subject, coordinator, START)


DENIED = {"history": [{"condition": "infection", "status": "absent"}]}
DENIED["history"].append({"condition": "cerebrovascular_accident", "status": "absent"})


def test_condition_that_was_is_not_called_absent_without_a_reason(after_a_stroke, coordinator):
    with pytest.raises(Unanswered) as asked:
        save_section(after_a_stroke, "history", DENIED, 1, coordinator)
    assert asked.value.changes == (("history[1].status", "past", "absent"),)
    saved = save_section(after_a_stroke, "history", DENIED, 1, coordinator, "it was another person's")
    assert saved.reason == "it was another person's"
    more = [*DENIED["history"], {"condition": "ascites", "status": "absent"}]
    assert save_section(after_a_stroke, "history", {"history": more}, 2, coordinator).number == 3


@pytest.mark.parametrize(
    "statuses", [("past",), ("current",), ("unknown",), ("past", "absent")], ids=lambda statuses: "-".join(statuses)
)
def test_condition_that_was_is_not_asked_about_when_it_is_not_denied(after_a_stroke, coordinator, statuses):
    entries = [{"condition": "cerebrovascular_accident", "status": status} for status in statuses]
    assert answered(save_section, after_a_stroke, "history", {"history": entries}, 1, coordinator).number == 2


def test_condition_is_no_longer_asked_about_when_an_attempt_between_has_denied_it(after_a_stroke, coordinator):
    save_section(after_a_stroke, "history", DENIED, 1, coordinator, "it was another person's")
    third = open_visit(after_a_stroke.subject, coordinator, START)
    assert save_section(third, "history", DENIED, 1, coordinator).number == 2
