"""People who are ready for the investigator."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from criteria.models import ProtocolVersion, Trial
from criteria.versions import load
from screening.assess import assess
from screening.models import Assessment, Closure, Revision, SendBack, Signature, Standing, Visit
from screening.refusal import Refused
from screening.revise import open_visit, register_subject, save_section
from tests.conftest import PROTOCOL

PASSWORD = "correct horse battery"
IN_TIME = date(2026, 3, 16)  # the planned first dose of the cases; a woman's findings hold until the day after


def assessed(trial: Trial, author: User, document: dict[str, Any]) -> Assessment:
    """The assessment of a person of whom this is known."""
    visit = open_visit(register_subject(trial, author), author, document)
    return assess(visit.latest_revision(), author)


def saved_again(visit: Visit, author: User, months: int = 7) -> Revision:
    """A correction that changes no outcome."""
    latest = visit.latest_revision()
    part = {"performance": latest.document["performance"] | {"life_expectancy_months": months}}
    return save_section(visit, "performance", part, latest.number, author, reason="read wrongly")


def amended(max_ecog: int = 1) -> ProtocolVersion:
    """Another protocol version, in force on the day of the cases' visits already."""
    text = PROTOCOL.read_text().replace('number: "1.1"', 'number: "9.9"', 1)
    limit = text.index("max_ecog:")
    version, _new = load(text[:limit] + text[limit:].replace("value: 1", f"value: {max_ecog}", 1))
    return version


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    """The code with which a decision is refused; nothing is signed then."""
    before = Signature.objects.count(), Closure.objects.count(), SendBack.objects.count()
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    assert refused.value.message
    assert (Signature.objects.count(), Closure.objects.count(), SendBack.objects.count()) == before
    return refused.value.code


def standing(assessment: Assessment) -> Standing:
    return Standing.objects.get(subject=assessment.revision.visit.subject)
