from criteria.vocabulary.stable import stable_part
from screening.views.rescreening import rescreening
from tests.criteria.documents import BASE


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
