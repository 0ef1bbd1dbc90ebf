from criteria.evaluation.served import Served
from screening.crf import SectionForm
from screening.crf.served import show_served

E14, E10 = (Served(("E14",), "within a year"),), (Served(("E10",), ""),)


def shown(vocabulary, code, served):
    form = SectionForm(vocabulary.section(code), {})
    show_served(form.parts, served)
    return form.parts


def test_question_of_a_group_and_of_a_record_has_what_its_answer_serves(vocabulary):
    (group,) = shown(vocabulary, "cns", {"cns.oedema": E10})
    assert (group.form.fields["oedema"].served, group.form.fields["date"].served) == (E10, ())
    (therapies,) = shown(vocabulary, "therapies", {"therapies.kind": E10})
    assert therapies.rows[0].fields["kind"].served == E10


def test_single_value_has_what_its_answer_serves(vocabulary):
    single = shown(vocabulary, "judgement", {"concurrent_study": E10})[0]
    assert single.form.fields["value"].served == E10


def test_test_of_the_laboratory_says_it_once_for_all_of_its_results(vocabulary):
    (grid,) = shown(vocabulary, "laboratory", {"labs.anc": E10, "labs.anc.collected": E14})
    assert {test.code: test.served for test in grid.tests() if test.served} == {"anc": E10}


def test_condition_says_it_once_and_each_detail_for_itself(vocabulary):
    by_path = {"history.infection": E14, "history.infection.date": E14, "history.infection.severe": E10}
    (history,) = shown(vocabulary, "history", by_path)
    (infection,) = (each for each in history.conditions() if each.code == "infection")
    fields = infection.rows[0].fields
    assert (infection.served, fields["date"].served, fields["severe"].served) == (E14, (), E10)
