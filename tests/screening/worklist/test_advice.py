from datetime import date

import pytest

from criteria.evaluation.needed import Advice
from screening.worklist.advice import advice_text

IMAGING = Advice("cns.largest_mm", do="repeat the brain imaging")


@pytest.mark.parametrize(
    ("advice", "text"),
    [
        (
            [Advice("labs.anc", repeat="neutrophils", collected_from=date(2026, 3, 13))],
            "Repeat neutrophils from 2026-03-13",
        ),
        ([Advice("history.infection", do="treat it", wait="it is over")], "Treat it, then wait until it is over"),
        ([Advice("therapies", wait="the course has ended")], "Wait until the course has ended"),
        (
            [Advice("cns.symptomatic", do="treat the metastases, then repeat the brain imaging"), IMAGING],
            "Treat the metastases, then repeat the brain imaging",
        ),
    ],
)
def test_advice_is_told_once_and_in_its_order_when_given(advice, text):
    assert advice_text((each,) for each in advice) == text
