import ast
import re
from pathlib import Path

import pytest

from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.limits import Bound, Need
from criteria.rules.proofs.reasons import (
    Anchor,
    Answer,
    Elapsed,
    Measured,
    NamedCondition,
    OfRecord,
    Request,
    Told,
    merge_reasons as merge,
    reason_texts,
    requests_in,
)

SAMPLES = [Elapsed("given 2026-02-26", s.BEFORE, (Anchor(test, True),), "10 days") for test in ("AST", "ALT")]
LEAST, MOST = Bound("at least 18", ">=", 18, "18"), Bound("at most 80", "<=", 80, "80")


def test_limits_are_one_reason_when_the_value_is_the_same():
    age = [Measured(s.LIMIT, "age 64 years", (bound,)) for bound in (LEAST, MOST)]
    assert reason_texts(merge(age)) == ["age 64 years (limit: 18 to 80)"]
    assert reason_texts(merge(age, every=False)) == ["age 64 years (limit: at least 18 or at most 80)"]
    assert merge([age[0], age[0]]) == age[:1]


def test_limits_that_exclude_are_joined_the_other_way_round():
    """Of two parts that both have to be false either one excludes by itself."""
    grades = [
        Measured(s.EXCLUDED, "grade 3", (Bound(f"from {number}", ">=", number, str(number)),)) for number in (3, 2)
    ]
    assert reason_texts(merge(grades)) == ["grade 3 (excluded from 2)"]
    assert reason_texts(merge(grades, every=False)) == ["grade 3 (excluded from 3)"]


def test_limits_that_were_joined_stay_as_they_are_when_they_are_joined_in_another_way():
    age = [Measured(s.LIMIT, "age 64 years", (bound,)) for bound in (LEAST, MOST)]
    later = Measured(s.LIMIT, "age 64 years", (Bound("above 90", ">", 90, "90"),))
    assert reason_texts(merge([*merge(age), later], every=False)) == ["age 64 years (limit: 18 to 80 or above 90)"]


def test_samples_are_named_together_when_the_day_is_the_same():
    assert reason_texts(SAMPLES) == ["given 2026-02-26, 10 days before the sample (AST, ALT)"]
    taken = [
        Elapsed("2026-02-26", s.BEFORE, (Anchor("first dose"),), "10 days", tests=(test,)) for test in ("AST", "ALT")
    ]
    assert reason_texts(taken) == ["AST, ALT of 2026-02-26, 10 days before first dose"]
    assert reason_texts([taken[0], taken[1]._replace(found="2026-02-27", apart="9 days")]) == [
        "AST of 2026-02-26, 10 days before first dose",
        "ALT of 2026-02-27, 9 days before first dose",
    ]


def test_lengths_of_one_time_are_told_with_it_when_neither_says_the_other():
    needs = [Need(s.MUST_BE_BEFORE, ">", 30, "d"), Need(s.MUST_BE_AFTER, ">", 30, "d")]
    around = [Elapsed("2026-03", s.EITHER_SIDE, (Anchor("first dose"),), needs=(each,)) for each in needs]
    assert reason_texts(around) == [
        "2026-03, before or after first dose; must be more than 30 days before it, or more than 30 days after it"
    ]
    undecided = [each._replace(template=s.UNDECIDED, apart=s.DAY_NOT_KNOWN) for each in around]
    assert reason_texts(undecided) == [
        "2026-03, day not known; must be more than 30 days before first dose, or more than 30 days after it"
    ]


def test_values_come_before_answers_and_alike_answers_together_when_told():
    reasons = [Answer("ascites", "absent"), Told("tuberculosis: none"), Answer("effusion", "absent"), *SAMPLES[:1]]
    assert reason_texts(reasons) == [
        "given 2026-02-26, 10 days before the sample (AST)",
        "tuberculosis: none",
        "absent: ascites, effusion",
    ]


def test_day_of_all_results_is_told_once():
    results = [Measured(s.LIMIT, test, (Bound("at most 40"),), "2026-03-08") for test in ("AST 20 U/L", "ALT 30 U/L")]
    assert reason_texts(results) == [
        "AST 20 U/L (limit: at most 40)",
        "ALT 30 U/L (limit: at most 40)",
        "all results of 2026-03-08",
    ]
    assert reason_texts(results[:1]) == ["AST 20 U/L (limit: at most 40), 2026-03-08"]
    assert reason_texts([results[0], results[1]._replace(day="2026-03-07")])[1].endswith(", 2026-03-07")


def test_entries_stay_apart_when_they_are_called_alike():
    first, second = (OfRecord("infection (past)", f"history[{index}]", (Answer("severe", "no"),)) for index in (0, 1))
    assert merge([first, second]) == [first, second]
    more = first._replace(reasons=(Told("treatment: none"),))
    assert reason_texts([first, more]) == ["infection (past): treatment: none; severe: no"]


def test_only_what_is_not_known_is_told_together_when_it_is_of_a_record():
    answers = (Answer("severe", "no"), Answer("ongoing", "no"), Answer("day", s.NOT_KNOWN), Answer("drug", s.NOT_KNOWN))
    assert OfRecord("infection (past)", "", answers).text == (
        "infection (past): severe: no; ongoing: no; not known: day, drug"
    )
    assert OfRecord("infection (past)", "", answers[2:]).text == "infection (past), not known: day, drug"


def test_name_of_a_condition_leaves_out_what_stands_beside_it_when_told_of_a_record():
    kind, intent = Told("systemic"), Told("palliative")
    line = NamedCondition("another regimen", (kind, intent))
    assert OfRecord("therapy 2", "", (line,)).text == "therapy 2 counts as another regimen: systemic; palliative"
    assert OfRecord("therapy 2", "", (kind, line)).text == "therapy 2: systemic; counts as another regimen (palliative)"
    told = NamedCondition("the first regimen", ())
    assert OfRecord("therapy 1", "", (told, kind), beside=True).text == "beside therapy 1, the first regimen: systemic"


def test_follow_up_is_left_out_when_the_question_before_it_is_not_answered():
    before = Answer("whether irradiated", s.NOT_KNOWN, asks=".irradiated")
    after = Answer("whether progressed", s.NOT_KNOWN, asks=".progressed", after=frozenset({".irradiated"}))
    assert OfRecord("lesion 1", "", (after, before)).text == "lesion 1, not known: whether irradiated"
    assert OfRecord("lesion 1", "", (after,)).text == "lesion 1, not known: whether progressed"
    assert reason_texts([before, after]) == ["whether irradiated: not known"]


def test_answer_that_decides_by_itself_is_told_without_those_that_would_be_allowed():
    allowed = Measured(s.ALLOWED_ANSWER, "cardiac", (Bound("endocrine"),))
    assert reason_texts([allowed]) == ["cardiac (allowed: endocrine)"]
    assert reason_texts([allowed, Told("cardiac")]) == ["cardiac"]


def test_what_somebody_has_to_do_is_found_in_records_and_told_with_no_reason():
    test = OfRecord("test 1", "", (Told("positive"), Request("repeat it")))
    assert test.text == "test 1: positive"
    assert list(requests_in([NamedCondition("in doubt", (test,)), Request("call")])) == ["repeat it", "call"]


TABLES = {name: value for name, value in vars(s).items() if name.isupper()}
WRITERS = [path for path in Path(s.__file__).parent.glob("*.py") if path.name != "sentences.py"]


@pytest.mark.parametrize("name", TABLES)
def test_sentence_has_named_slots_alone(name):
    table = TABLES[name]
    for template in [table] if isinstance(table, str) else [*table, *table.values()]:
        assert re.sub(r"%\([a-z]+\)s", "", template).count("%") == 0, template


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.stem)
def test_no_sentence_is_put_together_outside_of_the_table(path):
    """Another language has to translate one table and no pieces."""
    glued = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        and any(isinstance(each, ast.Constant) and re.search(r"[\s,;:]", each.value) for each in node.values)
    ]
    assert glued == []
