from criteria.definition.reader import parse_definition
from criteria.evaluation.served import Served, criteria_served
from tests.criteria.definition.test_reader import SMALL

WINDOWS = """\
  - code: E2
    category: exclusion
    statement: Ended lately
    rule:
      any:
        - within: {date: visit.end, period: $window, before: visit.date}
        - within: {date: visit.end, period: $month, before: visit.date}
        - compare: [visit.end, "<=", {day: {before: visit.date, period: $month}}]
        - within: {date: visit.end, period: $open, before: visit.date}
"""


def served(text):
    return criteria_served(parse_definition(text)[1])


def test_answer_serves_the_criteria_that_read_it():
    found = served(SMALL)
    assert found["visit.pulse"] == (Served(("I1",), ""),)
    assert found["visit.colour"] == (Served(("E1",), ""),)
    assert "labs.hb" not in found


def test_windows_of_a_day_are_told_together_and_open_ones_not_at_all():
    parameters = "  month: {title: month, value: 1, unit: mo}\n  open: {title: open, value: any time, unit: mo}\nterms:"
    found = served(SMALL.replace("terms:", parameters) + WINDOWS)
    window = "within 6 months or 1 month before visit date; on or before 1 month before visit date"
    assert found["visit.end"] == (Served(("E2",), window),)


def test_result_has_the_window_of_its_day_and_serves_what_reads_its_limit(with_parameter):
    found = criteria_served(with_parameter("lab_max_age", "14"))
    window = "within 14 days before planned first dose"
    assert found["labs.anc"] == (Served(("I08",), window),)
    assert found["labs.creatinine"] == found["labs.creatinine.collected"] == (Served(("I08",), window),)
    assert found["labs.creatinine.uln"] == (Served(("I08",), ""),)


def test_condition_of_a_history_has_the_windows_of_its_days(protocol):
    found = criteria_served(protocol)
    last_year = "looks back 12 months from planned first dose"
    assert found["history.myocardial_infarction"] == (Served(("E14",), last_year),)
    assert found["history.infection.anti_infective_last_date"] == (
        Served(("E18",), "looks back 2 weeks from planned first dose"),
    )
