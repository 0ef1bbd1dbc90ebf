"""People who are ready for the investigator."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import User

from criteria.definition.reader import parse_definition
from criteria.models import ProtocolVersion, Trial
from criteria.records.refusal import Refused
from criteria.versions.versions import publish_version, version_rows
from screening.eligibility.assess import assess
from screening.models import (
    NO_MAIN_REASON,
    Assessment,
    Closure,
    Decision,
    Revision,
    SendBack,
    Signature,
    SubjectStatus,
    Visit,
)
from screening.review import decide
from screening.review.attest import attest
from screening.signatures.judgements import judgements_of
from screening.visits.save import open_visit, register_subject, save_section
from tests.conftest import PROTOCOL
from tests.support.answered import answered

PASSWORD = "correct horse battery"
IN_TIME = date(2026, 3, 16)  # the planned first dose of the cases; a woman's findings hold until the day after


def assessed(trial: Trial, author: User, document: dict[str, Any]) -> Assessment:
    """The assessment of a person of whom this is known, with each edit check answered."""
    visit = answered(open_visit, register_subject(trial, author), author, document)
    return assess(visit.latest_revision(), author)


def attested(assessment: Assessment, signer: User) -> Assessment:
    """The assessment with every judgement attested as recorded."""
    if keys := [each.judgement.key for each in judgements_of(assessment)]:
        attest(assessment, signer, keys)
    return assessment


def sign(
    assessment: Assessment, signer: User, password: str, decision: str, primary: str | None = None, **said: Any
) -> Signature:
    """The signature of an investigator who attests every judgement before confirming somebody eligible.

    A failure has no single main reason unless one is given.
    """
    if primary is None:
        primary = NO_MAIN_REASON if decision == Decision.FAILURE else ""
    if decision == Decision.ELIGIBLE:
        with suppress(Refused):  # for the signature is refused likewise
            attested(assessment, signer)
    return decide.sign(assessment, signer, password, decision, primary, **said)


def saved_again(visit: Visit, author: User, months: int = 7) -> Revision:
    """A correction that changes no outcome."""
    latest = visit.latest_revision()
    part = {"performance": latest.document["performance"] | {"life_expectancy_months": months}}
    return save_section(visit, "performance", part, latest.number, author, reason="read wrongly")


def moved(trial: Trial, author: User, cases: Any, on: Callable[[date], None]) -> Revision:
    """The day of a visit corrected to the last one before version 2.0, by which it was assessed on 2.0's first day."""
    on(IN_TIME)
    later_version("2026-03-09")
    assessment = assessed(trial, author, cases["I03-ecog-2"]["document"])
    part = {"visit": assessment.revision.document["visit"] | {"date": "2026-03-08"}}
    return save_section(assessment.revision.visit, "visit", part, 1, author, reason="read wrongly")


def amended(max_ecog: int = 1) -> ProtocolVersion:
    """Another protocol version, in force on the day of the cases' visits already."""
    return later_version("2026-03-01", "9.9", max_ecog)


def later_version(
    day: str, number: str = "2.0", max_ecog: int = 2, asks: Mapping[str, str] | None = None
) -> ProtocolVersion:
    """A version in force from a day on, by which ECOG 2 is well enough; `asks` replaces what its text says."""
    untested = PROTOCOL.read_text(encoding="utf-8").partition("\ntests:\n")[0]  # they expect what the trial means
    text = re.sub(r"(?m)^  number: .*$", f'  number: "{number}"', untested, count=1)
    for old, new in (asks or {}).items():
        text = text.replace(old, new, 1)
    text = re.sub(r"(?m)^  effective_from: .*$", f"  effective_from: {day}", text, count=1)
    data = read(re.sub(r"(max_ecog: {.*?value: )1", rf"\g<1>{max_ecog}", text, count=1))
    return publish_version(version_rows(Trial.objects.get(code=data["trial"]["code"]), data))


@cache
def read(text: str) -> dict[str, Any]:
    """Reading the file takes longer than most tests."""
    return parse_definition(text)[0]


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    """The code with which a decision is refused; nothing is signed then."""
    before = Signature.objects.count(), Closure.objects.count(), SendBack.objects.count()
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    assert refused.value.message
    assert (Signature.objects.count(), Closure.objects.count(), SendBack.objects.count()) == before
    return refused.value.code


def standing(assessment: Assessment) -> SubjectStatus:
    return SubjectStatus.objects.get(latest_of=assessment.revision.visit.subject)
