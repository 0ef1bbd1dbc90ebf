from criteria.vocabulary.carry_forward import stable_part
from screening.views.cards.carry_forward import rescreening, sections_to_confirm
from screening.visits.save import open_visit, register_subject
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
    open_visit(subject, coordinator, {"visit": {"date": "2026-06-01"}, "subject": born_late})
    for day, waiting in (("2026-06-02", {"visit"}), ("2026-04-30", set())):
        document = {"visit": {"date": day}}
        visit = open_visit(subject, coordinator, document)
        assert sections_to_confirm(visit, vocabulary, document) == waiting
