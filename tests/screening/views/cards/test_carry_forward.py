from criteria.vocabulary.carry_forward import stable_part
from screening.views.cards.carry_forward import rescreening, sections_to_confirm
from screening.visits.save import open_visit, register_subject
from tests.support.answered import answered
from tests.support.documents import BASE


def test_every_part_is_carried_over_or_asked_anew(vocabulary):
    told = rescreening(vocabulary)
    titles = [part.title for part in vocabulary.parts.values() if part.key != "visit"]
    assert sorted([*told.carried, *told.anew]) == sorted(titles)


def test_what_is_asked_anew_is_never_carried_over(vocabulary):
    """The page promises what `stable_part` then does."""
    told = rescreening(vocabulary)
    for section in vocabulary.sections:
        carried = stable_part(section, BASE["woman"])
        assert {vocabulary.parts[key].title for key in carried} <= set(told.carried)


def test_section_is_announced_only_where_its_form_shows_what_is_to_be_confirmed(trial, coordinator, vocabulary):
    """A birth after the visit: the form leaves it out, so that there is nothing to confirm."""
    subject = register_subject(trial, coordinator)
    born_late = {"sex": "male", "birth_date": "2026-05"}
    answered(open_visit, subject, coordinator, {"visit": {"date": "2026-06-01"}, "subject": born_late})
    again = open_visit(subject, coordinator, {"visit": {"date": "2026-06-02"}})
    for day, waiting in (("2026-06-02", {"visit": "to be confirmed, from visit 1"}), ("2026-04-30", {})):
        assert sections_to_confirm(again, vocabulary, {"visit": {"date": day}}) == waiting


def test_conditions_that_are_asked_anew_are_told_one_by_one(vocabulary):
    """Bleeding, infection, thrombosis, stroke, heart and pneumonitis among them."""
    told = set(rescreening(vocabulary).conditions)
    assert {"bleeding event", "infection", "venous thromboembolism", "cerebrovascular accident"} <= told
    assert {"myocardial infarction", "interstitial lung disease"} <= told
    assert "allogeneic organ or stem cell transplant" not in told
