from datetime import date

import pytest

from criteria.evaluation.needed import Advice
from screening.worklist.advice import advice_text

IMAGING = Advice("cns.largest_mm", do="repeat the brain imaging")


SETTLED = Advice("adverse_events", wait="the event has settled", repeat="grade of adverse event 1 (goitre)")
STABLE = Advice("adverse_events", do="replace the hormone", wait="it is stable", record="adverse event 1 (goitre)")


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        (
            [(Advice("labs.anc", repeat="neutrophils"),), (Advice("labs.ast", repeat="AST"),)],
            "Repeat neutrophils, AST",
        ),
        (
            [(Advice("labs.creatinine", repeat="creatinine"), Advice("vitals.weight_kg", repeat="weight"))],
            "Repeat creatinine or weight",
        ),
        (
            [(SETTLED, STABLE)],
            "Wait until the event has settled, then repeat grade of adverse event 1 (goitre), or replace the hormone, "
            "then wait until it is stable",
        ),
        (
            [(Advice("a", do="treat the hepatitis C"),), (Advice("b", do="start antiviral therapy"),)],
            "Treat the hepatitis C; and start antiviral therapy",
        ),
        (
            [(Advice("a", wait="the course has ended", washout="more than 3 weeks", record="therapy 1 (XELOX)"),)],
            "Therapy 1 (XELOX): wait until the course has ended; "
            "then wait more than 3 weeks until the planned first dose",
        ),
        (
            [(Advice(f"labs.{name}", repeat=name),) for name in ("anc", "hb", "ast", "alt", "plt")],
            "Repeat anc, hb, ast, alt, plt",
        ),
    ],
)
def test_what_is_needed_is_told_apart_from_what_is_a_choice(needed, text):
    assert advice_text(needed) == text


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
