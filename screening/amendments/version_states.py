"""The state of a protocol version on a day, in words: in force, coming, or superseded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from criteria.amendments.state import AmendmentState
from criteria.models import Amendment, Approval, ProtocolVersion, Trial, long_fields
from screening.signatures.seals import seal_fits

Kind = Literal["coming", "in_force", "superseded"]


class VersionState(NamedTuple):
    """A version with its state and the version `before` it.

    `approval` is None where it was loaded from a definition file; `is_broken` is true where its signature does
    not fit the version.
    """

    version: ProtocolVersion
    kind: Kind
    words: str
    before: ProtocolVersion | None
    approval: Approval | None
    is_broken: bool


def states_of(trial: Trial, today: date) -> list[VersionState]:
    """Return all versions, the latest first, in one query.

    The order is that of `criteria.versions.versions.version_on`: of two from the same day the one that was
    published later counts.
    """
    related = "trial", "approval__created_by", "approval__proposal__revision__amendment"
    large = {*long_fields(), "approval__proposal__revision__definition"} - {"note"}  # which the overview shows
    versions = list(trial.versions.select_related(*related).defer(*large).order_by("effective_from", "pk"))
    return [state_at(versions, at, today) for at in reversed(range(len(versions)))]


def version_state(version: ProtocolVersion, today: date) -> VersionState:
    return next(state for state in states_of(version.trial, today) if state.version == version)


def state_at(versions: Sequence[ProtocolVersion], at: int, today: date) -> VersionState:
    version, after = versions[at], versions[at + 1] if at + 1 < len(versions) else None
    kind, words = kind_and_text(version, after, today)
    before = versions[at - 1] if at else None
    approval = getattr(version, "approval", None)
    return VersionState(version, kind, words, before, approval, approval is not None and not seal_fits(approval))


def kind_and_text(version: ProtocolVersion, after: ProtocolVersion | None, today: date) -> tuple[Kind, str]:
    said = {"day": version.effective_from.isoformat()}
    if after:
        said |= {"next": after.number, "end": after.effective_from.isoformat()}
    if after and after.effective_from == version.effective_from:
        return "superseded", _("superseded by %(next)s from its first day on, %(day)s") % said
    if version.effective_from > today:
        return "coming", _("comes into force on %(day)s") % said
    if after and after.effective_from <= today:
        return "superseded", _("superseded on %(end)s by %(next)s; in force from %(day)s") % said
    if after:
        return "in_force", _("in force since %(day)s; %(next)s follows on %(end)s") % said
    return "in_force", _("in force since %(day)s") % said


class PastAmendment(NamedTuple):
    """An approved or withdrawn amendment; `version` is the one that an approved amendment became."""

    amendment: Amendment
    state: AmendmentState
    version: ProtocolVersion | None


def past_amendments(trial: Trial, states: Iterable[VersionState]) -> list[PastAmendment]:
    """Return the past amendments, the latest first, in one query beside that of `states_of`."""
    made = {state.approval.proposal.revision.amendment_id: state.version for state in states if state.approval}
    found = trial.amendments.select_related("created_by", "withdrawal__created_by").order_by("-number")
    found = found.select_related("base").defer(*long_fields("base__"))
    past = []
    for amendment in found:
        if amendment.pk in made:
            past.append(PastAmendment(amendment, AmendmentState.APPROVED, made[amendment.pk]))
        elif hasattr(amendment, "withdrawal"):
            past.append(PastAmendment(amendment, AmendmentState.WITHDRAWN, None))
    return past
