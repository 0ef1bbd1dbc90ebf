"""Amending a protocol: a draft, its changes, the proposal. Each verb is one transaction.

Only a draft changes, and one amendment of a trial at a time is open. Approving it is `screening.amendments.approve`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from criteria.amendments.draft_checks import (
    Definition,
    refuse_impossible,
    refuse_other_trial,
    refuse_plan,
    refuse_texts,
    refuse_value,
    refused_objections,
)
from criteria.amendments.state import (
    AmendmentState,
    comparison_of,
    edition_of_revision,
    open_amendment,
    standing_proposal,
    state_of,
)
from criteria.definition.blocks import ANY_TIME
from criteria.definition.reader import edition_from, parse
from criteria.models import (
    Amendment,
    AmendmentRevision,
    BoundaryReview,
    ChangeKind,
    Proposal,
    Rejection,
    Trial,
    Withdrawal,
)
from criteria.records.refusal import Refused
from criteria.versions.versions import edition_of, fingerprint, newest, rows_of

WORDS = ("statement", "reading", "official_wording")


@transaction.atomic
def begin(trial: Trial, author: User, number: str, effective_from: date, note: str, reason: str) -> Amendment:
    """A draft of the version after the newest one. Refused: open, or base where the trial has no version yet."""
    Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    if open_amendment(trial):
        raise Refused("open", _("Another amendment of this trial is open: finish it or withdraw it first."))
    base = newest(trial)
    if base is None:
        raise Refused("base", _("The trial has no version yet: load its first definition file."))
    count = trial.amendments.count()  # no row ever goes away, so none is counted twice
    amendment = Amendment.objects.create(trial=trial, number=count + 1, base=base, created_by=author)
    data = planned(edition_of(base).data, number, effective_from, note)
    refuse_plan(amendment, data)
    add_revision(amendment, author, ChangeKind.BEGUN, "", reason, data)
    return amendment


@transaction.atomic
def set_plan(
    amendment: Amendment, author: User, number: str, effective_from: date, note: str, reason: str, seen: int
) -> None:
    """Another number, day or note of the version to be. The day is confirmed, or changed, at the approval."""
    data = planned(drafted(amendment, seen, ChangeKind.PLAN).definition, number, effective_from, note)
    refuse_plan(amendment, data)
    add_revision(amendment, author, ChangeKind.PLAN, "", reason, data)


@transaction.atomic
def set_parameter(
    amendment: Amendment, author: User, name: str, value: Decimal | None, title: str, reason: str, seen: int
) -> AmendmentRevision:
    """Another value of a parameter, None for `any time`, or another title; `seen` is the revision that was looked at.

    BadDefinition at `value` where it is not permitted, or where nobody could pass a criterion any more.
    """
    refuse_texts({"title": title}, required="title")
    latest = drafted(amendment, seen, ChangeKind.VALUE, name)
    refuse_value(edition_of_revision(latest), name, value)
    data = deepcopy(latest.definition)
    plain = ANY_TIME if value is None else Decimal(f"{value:f}")  # 1E+3 is no number of a definition file
    data["parameters"][name] |= {"title": title.strip(), "value": plain}
    refuse_impossible(amendment, data, name)
    return add_revision(amendment, author, ChangeKind.VALUE, name, reason, data)


@transaction.atomic
def set_words(
    amendment: Amendment, author: User, code: str, words: Mapping[str, str], reason: str, seen: int
) -> AmendmentRevision:
    """Another statement, reading or official wording of a criterion: `words` holds all three."""
    texts = {name: words[name].strip() for name in WORDS}
    refuse_texts(texts, required="statement")
    data = deepcopy(drafted(amendment, seen, ChangeKind.WORDS, code).definition)
    block = next(block for block in data["criteria"] if block["code"] == code)
    block.update(texts)
    return add_revision(amendment, author, ChangeKind.WORDS, code, reason, data)


@transaction.atomic
def put_file(amendment: Amendment, author: User, text: str, reason: str, seen: int) -> AmendmentRevision:
    """A definition file in place of all that the draft holds, but for the number, day and note of the version to be.

    BadDefinition with every fault and its line.
    """
    latest = drafted(amendment, seen, ChangeKind.FILE)
    data, _protocol = parse(text)
    refuse_other_trial(amendment.trial, data["trial"])
    data = rows_of(amendment.trial, {**data, "version": latest.definition["version"]}).definition
    return add_revision(amendment, author, ChangeKind.FILE, "", reason, data)


@transaction.atomic
def see_boundaries(revision: AmendmentRevision, author: User) -> BoundaryReview:
    """That the author saw the boundary cases of the draft's latest revision."""
    if drafted(revision.amendment).pk != revision.pk:
        raise Refused("stale", _("The draft was changed meanwhile: look at its boundary cases again."))
    return BoundaryReview.objects.create(revision=revision, created_by=author)


@transaction.atomic
def propose(amendment: Amendment, author: User, reason: str) -> Proposal:
    """Refused: empty, impossible, or boundaries where the author did not see those of the latest revision.

    Whether there was a dry run is for `screening.amendments.approve.propose` to ask.
    """
    refuse_texts({"reason": reason}, required="reason")
    revision = drafted(amendment)
    if comparison_of(revision).is_empty:
        raise Refused("empty", _("The draft changes nothing."))
    if refused := refused_objections(revision.amendment, revision.definition):
        raise Refused("impossible", " ".join(refused))
    if not revision.boundary_reviews.filter(created_by=author).exists():
        raise Refused("boundaries", _("Look at the boundary cases of what the draft changes first."))
    return Proposal.objects.create(revision=revision, reason=reason.strip(), created_by=author)


@transaction.atomic
def reject(proposal: Proposal, user: User, reason: str) -> Rejection:
    """Back to a draft. Refused where it is no longer what is proposed."""
    refuse_texts({"reason": reason}, required="reason")
    refuse_replaced(proposal)
    return Rejection.objects.create(proposal=proposal, reason=reason.strip(), created_by=user)


@transaction.atomic
def withdraw(amendment: Amendment, author: User, reason: str) -> Withdrawal:
    refuse_texts({"reason": reason}, required="reason")
    if state_of(locked(amendment)) not in (AmendmentState.DRAFT, AmendmentState.PROPOSED):
        raise Refused("closed", _("This amendment is closed already."))
    return Withdrawal.objects.create(amendment=amendment, reason=reason.strip(), created_by=author)


def locked(amendment: Amendment) -> Amendment:
    return Amendment.objects.select_for_update(of=["self"], no_key=True).get(pk=amendment.pk)


def drafted(amendment: Amendment, seen: int | None = None, kind: str = "", about: str = "") -> AmendmentRevision:
    """The latest revision of a draft, which is held; Refused where it is none, or where what is to be changed was
    changed after the revision `seen`. A file changes everything."""
    if state_of(locked(amendment)) is not AmendmentState.DRAFT:
        raise Refused("closed", _("Only a draft can be changed."))
    if seen is not None:
        later = amendment.revisions.filter(number__gt=seen).select_related("created_by").order_by("number")
        same = models.Q(kind=kind, about=about) | models.Q(kind=ChangeKind.FILE)
        if other := (later if kind == ChangeKind.FILE else later.filter(same)).last():
            words = {"who": other.created_by, "number": other.number}
            raise Refused("stale", _("%(who)s changed this meanwhile (revision %(number)s): look again.") % words)
    return amendment.revisions.select_related("amendment__trial", "amendment__base").latest("number")


def refuse_replaced(proposal: Proposal) -> None:
    """Holds the amendment; Refused where nothing is proposed any more, or something else than was read."""
    amendment = locked(proposal.revision.amendment)
    if state_of(amendment) is not AmendmentState.PROPOSED:
        raise Refused("closed", _("This amendment is not proposed."))
    if standing_proposal(amendment) != proposal:
        raise Refused("stale", _("Something else was proposed meanwhile: read it before you decide."))


def add_revision(
    amendment: Amendment, author: User, kind: ChangeKind, about: str, reason: str, data: Definition
) -> AmendmentRevision:
    refuse_texts({"reason": reason}, required="reason")
    last = amendment.revisions.order_by("number").last()
    sha256 = fingerprint(dict(data))
    if last and last.definition_sha256 == sha256:
        raise Refused("same", _("Nothing was changed: this is what the draft holds already."))
    edition_from(data)
    return AmendmentRevision.objects.create(
        amendment=amendment,
        number=last.number + 1 if last else 1,
        kind=kind,
        about=about,
        reason=reason.strip(),
        definition=data,
        definition_sha256=sha256,
        created_by=author,
    )


def planned(data: Definition, number: str, effective_from: date, note: str) -> dict[str, Any]:
    block = {"number": number.strip(), "effective_from": effective_from.isoformat(), "note": note.strip()}
    return {**data, "version": block}
