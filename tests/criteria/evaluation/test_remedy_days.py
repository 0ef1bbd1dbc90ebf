"""The days that clear a failure are looked for where a leaf may change; here on every single day."""

import random
from datetime import date

from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.dose_dates import PLANNED_DOSE, later_days, planned_on
from criteria.evaluation.remedy import LATER_DOSE, can_be_remedied, clear_days, dosing_result
from tests.conftest import PROTOCOL
from tests.support.random_documents import random_document

PROTOCOL_NOW = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1]


def days_by_trial(facts, finding):
    code = finding.criterion.code
    if code not in PROTOCOL_NOW.codes_reading(PLANNED_DOSE) or not can_be_remedied(PROTOCOL_NOW, finding, LATER_DOSE):
        return None, None
    found = []
    for day in later_days(facts):
        (then,) = PROTOCOL_NOW.findings(planned_on(facts, day), (code,))
        found.append((day, dosing_result(then)))
    for good in ({"pass"}, {"pass", "undecided"}):
        if first := next((day for day, how in found if how in good), None):
            end = next((day for day, how in found if day > first and how not in good), None)
            return date.fromordinal(first), date.fromordinal(end - 1) if end else None
    return None, None


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_days_that_clear_a_failure_are_those_of_a_trial_of_every_day(seed):
    facts = PROTOCOL_NOW.reader.read(random_document(random.Random(seed)))
    for finding in PROTOCOL_NOW.findings(facts):
        if finding.outcome == "fail":
            assert clear_days(PROTOCOL_NOW, facts, finding) == days_by_trial(facts, finding), finding.criterion.code
