"""The invented subjects; each is the healthy man or woman with a difference of their own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from screening.demonstration.healthy import BASE, WOMAN, InventedDocument

EARLIER_CONSENT = {"version": "1.0", "date": "2026-01-05"}  # when this version was in use
BETWEEN_ATTEMPTS = 35  # days from the first to the second attempt of the last of them


def invented_documents(conditions: Iterable[str]) -> list[InventedDocument]:
    """Return the documents; a condition is answered `absent` where a subject has nothing else on it."""
    healthy = BASE | {"history": [{"condition": code, "status": "absent"} for code in conditions]}
    return [
        healthy,
        healthy | WOMAN,
        with_result(healthy, "anc", Decimal("1.49")),
        healthy | {"performance": BASE["performance"] | {"ecog": 2, "life_expectancy_months": 4}},
        with_condition(healthy, "arterial_thrombosis", status="past", date="2025-11"),
        healthy | {"therapies": [*BASE["therapies"], second_line()], "consent": BASE["consent"] | EARLIER_CONSENT},
        healthy | {"cns": BASE["cns"] | untreated_brain_metastasis()},
        healthy | {"vitals": BASE["vitals"] | {"systolic_bp": 172, "diastolic_bp": 96}},
        without_keys(healthy, "infections", "vaccinations") | {"reviewed": ["lesions", "therapies"]},
        {"visit": {"date": "2026-03-09"}, "subject": {"sex": "female", "birth_date": "1958"}},
        healthy | {"labs": [earlier_neutrophils(), *with_result(healthy, "anc", Decimal("1.6"))["labs"]]},
        without_keys(healthy | WOMAN, "pregnancy_tests"),
        healthy | {"supportive_care": [{"kind": "blood_component", "date": "2026-03-01"}]},
        healthy | {"performance": BASE["performance"] | {"ecog": 2, "life_expectancy_months": 4}},
    ]


def second_attempt() -> InventedDocument:
    """Return the last subject's document five weeks later: what was measured again.

    What lasts is still to be confirmed.
    """
    return {
        "visit": BASE["visit"],
        "consent": BASE["consent"],
        "labs": [row for row in BASE["labs"] if row["analyte"] in ("anc", "platelets", "haemoglobin")],
        "performance": BASE["performance"],
    }


def earlier_neutrophils() -> InventedDocument:
    """Return a count that is too low, a week before: the later sample counts, and is a retest."""
    return {"analyte": "anc", "value": Decimal("1.4"), "unit": "10*9/L", "collected": "2026-03-02"}


def with_result(document: InventedDocument, analyte: str, value: Decimal | int) -> InventedDocument:
    labs = [row | {"value": value} if row["analyte"] == analyte else row for row in document["labs"]]
    return document | {"labs": labs}


def with_condition(document: InventedDocument, code: str, **entry: Any) -> InventedDocument:
    history = [row | entry if row["condition"] == code else row for row in document["history"]]
    return document | {"history": history}


def without_keys(document: InventedDocument, *keys: str) -> InventedDocument:
    return {key: value for key, value in document.items() if key not in keys}


def second_line() -> InventedDocument:
    return {
        "kind": "systemic",
        "agents": ["anti_ctla4"],
        "name": "second line",
        "intent": "palliative",
        "start_date": "2026-01-20",
        "end_date": "2026-02-20",
        "ongoing": "no",
        "progressed": "yes",
        "progression_date": "2026-03-01",
    }


def untreated_brain_metastasis() -> InventedDocument:
    return {
        "brain_metastases": "untreated",
        "symptomatic": "yes",
        "corticosteroids": "ongoing",
        "largest_mm": 18,
        "oedema": "yes",
    }
