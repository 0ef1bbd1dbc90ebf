"""Amendments in all their stages, made by the verbs that the pages use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.utils import timezone

from criteria.amendments.actions import begin_amendment, save_boundary_review, set_parameter
from criteria.amendments.state import current_proposal
from criteria.models import Amendment, ProtocolVersion, Trial
from screening.amendments.approve import EthicsApproval, approve, propose
from screening.simulations import run_simulation, start_dry_run

PASSWORD = "a-long-pass-phrase"
REASON = "amendment 2 of the protocol, of 2026-03-02"
WORDS = {"statement": "ECOG 0, 1 or 2", "reading": "", "official_wording": "ECOG PS 0-2"}
ETHICS = EthicsApproval("Ethics committee of the hospital", "EC-2026-017", date(2026, 3, 5))


def drafted(trial: Trial, author: User, number: str = "2.0", day: date | None = None) -> Amendment:
    return begin_amendment(trial, author, number, day or timezone.localdate() + timedelta(1), "", REASON)


def with_value(amendment: Amendment, author: User, name: str = "min_anc", value: str = "1000") -> Amendment:
    latest = amendment.latest_revision()
    title = latest.definition["parameters"][name]["title"]
    set_parameter(amendment, author, name, Decimal(value), title, REASON, seen=latest.number)
    return amendment


def looked_at(amendment: Amendment, author: User) -> Amendment:
    """With its boundary cases seen and its dry run done."""
    run_simulation(start_dry_run(amendment.latest_revision(), author).pk)  # a test's transaction is never committed
    save_boundary_review(amendment.latest_revision(), author)
    return amendment


def proposed(trial: Trial, author: User) -> Amendment:
    """Neutrophils from 1500 to 1000 /mm3."""
    amendment = looked_at(with_value(drafted(trial, author), author), author)
    propose(amendment, author, "as decided by the sponsor")
    return amendment


def approver(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def approved(trial: Trial, author: User, second: User, day: date | None = None) -> ProtocolVersion:
    proposal = current_proposal(proposed(trial, author))
    return approve(proposal, approver(second), PASSWORD, "read and agreed", ETHICS, day or timezone.localdate())
