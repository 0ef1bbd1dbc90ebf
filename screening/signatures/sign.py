"""Save a signature: who signed, as whom, when, in which zone and what it means, under a seal (21 CFR 11.50, 11.70)."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.utils import timezone

from criteria.models import Approval
from screening.access.accounts import printed_name
from screening.models import Closure, Reopening, Signature, SignatureWithdrawal
from screening.signatures.seals import compute_seal

S = TypeVar("S", Approval, Closure, Reopening, Signature, SignatureWithdrawal)


def save_signature(signed: S, user: User, role: str, meaning: str) -> S:
    """Complete a signed record with the signer's printed name, `role`, `meaning` and the zone; seal it and save it."""
    signed.created_by = user
    signed.printed_name = printed_name(user)
    signed.role = role
    signed.meaning = meaning
    signed.zone = timezone.get_default_timezone_name()
    signed.seal = compute_seal(signed)
    signed.save()
    return signed
