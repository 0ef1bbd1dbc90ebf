"""The amendments of a trial that are closed: what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from criteria.amendments import AmendmentState
from criteria.models import Amendment, ProtocolVersion, Trial
from screening.version_states import VersionState


class PastAmendment(NamedTuple):
    """`version` is what an approved one became."""

    amendment: Amendment
    state: AmendmentState
    version: ProtocolVersion | None


def past_amendments(trial: Trial, states: Iterable[VersionState]) -> list[PastAmendment]:
    """The latest first, in one query beside that of `states_of`."""
    made = {state.approval.proposal.revision.amendment_id: state.version for state in states if state.approval}
    found = trial.amendments.select_related("created_by", "withdrawal__created_by").order_by("-number")
    found = found.select_related("base").defer("base__codes", "base__sections", "base__terms")
    past = []
    for amendment in found:
        if amendment.pk in made:
            past.append(PastAmendment(amendment, AmendmentState.APPROVED, made[amendment.pk]))
        elif hasattr(amendment, "withdrawal"):
            past.append(PastAmendment(amendment, AmendmentState.WITHDRAWN, None))
    return past
