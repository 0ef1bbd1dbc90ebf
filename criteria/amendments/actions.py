"""Actions on a protocol amendment: a draft, its changes, the proposal, each in one transaction.

Only a draft can be changed, and only one amendment of a trial is open at a time. The approval is in
`screening.amendments.approve`.
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
    infeasible_texts,
    refuse_infeasible,
    refuse_other_trial,
    refuse_plan,
    refuse_source,
    refuse_texts,
    refuse_unsaid_reason,
    refuse_value,
)
from criteria.amendments.state import (
    AmendmentState,
    amendment_state,
    comparison_of,
    current_proposal,
    edition_of_revision,
    open_amendment,
)
from criteria.definition.blocks import ANY_TIME
from criteria.definition.reader import BadDefinition, edition_from, parse_definition
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
from criteria.records import canonical
from criteria.records.official_wording import written_wording
from criteria.records.refusal import Refused
from criteria.versions.versions import edition_of, newest_version, version_rows
from criteria.vocabulary.faults import Fault

CRITERION_TEXTS = ("statement", "reading", "official_wording")


@transaction.atomic
def begin_amendment(
    trial: Trial,
    author: User,
    number: str,
    effective_from: date,
    note: str,
    reason: str,
    *,
    sponsor_version: str | None = None,
    sponsor_date: date | None = None,
) -> Amendment:
    """Create a draft of the version after the newest one.

    `sponsor_version` and `sponsor_date` are those of the sponsor's protocol: empty for none, None for the present one.

    Refused: `open` where another amendment of the trial is open, `base` where the trial has no version yet.
    """
    Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    if open_amendment(trial):
        raise Refused("open", _("Another amendment of this trial is open: finish it or withdraw it first."))
    base = newest_version(trial)
    if base is None:
        raise Refused("base", _("The trial has no version yet: load its first definition file."))
    count = trial.amendments.count()  # no row ever goes away, so none is counted twice
    amendment = Amendment.objects.create(trial=trial, number=count + 1, base=base, created_by=author)
    data = definition_with_plan(edition_of(base).data, number, effective_from, note)
    data = definition_with_sponsor_protocol(data, sponsor_version, sponsor_date)
    refuse_plan(amendment, data)
    add_revision(amendment, author, ChangeKind.BEGUN, "", reason, data)
    return amendment


@transaction.atomic
def set_plan(
    amendment: Amendment,
    author: User,
    number: str,
    effective_from: date,
    note: str,
    reason: str,
    seen: int,
    *,
    sponsor_version: str | None = None,
    sponsor_date: date | None = None,
) -> None:
    """Change the number, the effective date or the note of the planned version, or the sponsor's protocol behind it.

    The date is confirmed, or changed, at the approval.
    """
    data = definition_with_plan(lock_draft(amendment, seen, ChangeKind.PLAN).definition, number, effective_from, note)
    data = definition_with_sponsor_protocol(data, sponsor_version, sponsor_date)
    refuse_plan(amendment, data)
    add_revision(amendment, author, ChangeKind.PLAN, "", reason, data)


@transaction.atomic
def set_parameter(
    amendment: Amendment,
    author: User,
    name: str,
    value: Decimal | None,
    title: str,
    reason: str,
    seen: int,
    *,
    source: str | None = None,
) -> AmendmentRevision:
    """Change the value of a parameter (None for `any time`) or its title.

    `seen` is the number of the revision that the author looked at; `source` says where the value comes from, empty for
    no source, None for the present one. BadDefinition at `value` where the value is not permitted, or where nobody
    could pass a criterion any more.
    """
    refuse_texts({"title": title}, required="title")
    latest = lock_draft(amendment, seen, ChangeKind.VALUE, name)
    refuse_value(edition_of_revision(latest), name, value)
    data = deepcopy(latest.definition)
    plain = ANY_TIME if value is None else Decimal(f"{value:f}")  # 1E+3 is no number of a definition file
    block = data["parameters"][name]
    block |= {"title": title.strip(), "value": plain}
    set_source(block, source)
    refuse_infeasible(amendment, data, name)
    return add_revision(amendment, author, ChangeKind.VALUE, name, reason, data)


@transaction.atomic
def set_criterion_texts(
    amendment: Amendment,
    author: User,
    code: str,
    words: Mapping[str, str],
    reason: str,
    seen: int,
    *,
    source: str | None = None,
) -> AmendmentRevision:
    """Change the statement, the reading or the official wording of a criterion: `words` holds all three.

    `source` says where the rule comes from, empty for no source, None for the present one. Of several interpretations,
    a line each, what each is about stays; BadDefinition at `reading` where their number is another.
    """
    texts = {name: words[name].strip() for name in CRITERION_TEXTS}
    refuse_texts(texts, required="statement")
    data = deepcopy(lock_draft(amendment, seen, ChangeKind.WORDS, code).definition)
    block = next(block for block in data["criteria"] if block["code"] == code)
    reading, wording = changed_reading(block["reading"], texts["reading"]), written_wording(texts["official_wording"])
    block.update(texts, reading=reading, official_wording=wording)
    set_source(block, source)
    return add_revision(amendment, author, ChangeKind.WORDS, code, reason, data)


def changed_reading(reading: str | list[Any], text: str) -> str | list[Any]:
    """Return interpretations with other words, those of a list a line each; empty where there is no text."""
    if isinstance(reading, str) or not text:
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) != len(reading):
        message = _(
            "must have %(count)s lines, one for each interpretation; a new definition file changes their number"
        )
        raise BadDefinition([Fault("reading", message % {"count": len(reading)})])
    return [
        line if isinstance(each, str) else {**each, "text": line} for each, line in zip(reading, lines, strict=True)
    ]


@transaction.atomic
def replace_definition(amendment: Amendment, author: User, text: str, reason: str, seen: int) -> AmendmentRevision:
    """Replace the draft's definition with that of a definition file.

    The number, date and note of the planned version are kept. BadDefinition with every fault and its line.
    """
    latest = lock_draft(amendment, seen, ChangeKind.FILE)
    data, _protocol = parse_definition(text)
    refuse_other_trial(amendment.trial, data["trial"])
    data = version_rows(amendment.trial, {**data, "version": latest.definition["version"]}).definition
    return add_revision(amendment, author, ChangeKind.FILE, "", reason, data)


@transaction.atomic
def save_boundary_review(revision: AmendmentRevision, author: User) -> BoundaryReview:
    """Record that the author reviewed the boundary cases of the draft's latest revision.

    Refused, `stale`, where the draft has a later revision.
    """
    if lock_draft(revision.amendment).pk != revision.pk:
        raise Refused("stale", _("The draft was changed meanwhile: look at its boundary cases again."))
    return BoundaryReview.objects.create(revision=revision, created_by=author)


@transaction.atomic
def propose_revision(amendment: Amendment, author: User, reason: str) -> Proposal:
    """Propose the latest revision of a draft.

    Refused: `empty` where nothing is changed, `impossible` where nobody could pass a criterion any more,
    `boundaries` where the author has not reviewed the boundary cases of the latest revision.

    Whether there was a dry run is checked by `screening.amendments.approve.propose`.
    """
    refuse_unsaid_reason(reason)
    revision = lock_draft(amendment)
    if comparison_of(revision).is_empty:
        raise Refused("empty", _("The draft changes nothing."))
    if refused := infeasible_texts(revision.amendment, revision.definition):
        raise Refused("impossible", " ".join(refused))
    if not revision.boundary_reviews.filter(created_by=author).exists():
        raise Refused("boundaries", _("Look at the boundary cases of what the draft changes first."))
    return Proposal.objects.create(revision=revision, reason=reason.strip(), created_by=author)


@transaction.atomic
def reject_proposal(proposal: Proposal, user: User, reason: str) -> Rejection:
    """Reject a proposal, so that the amendment is a draft again.

    Refused, `closed` or `stale`, where it is no longer the current proposal.
    """
    refuse_unsaid_reason(reason)
    refuse_replaced(proposal)
    return Rejection.objects.create(proposal=proposal, reason=reason.strip(), created_by=user)


@transaction.atomic
def withdraw_amendment(amendment: Amendment, author: User, reason: str) -> Withdrawal:
    refuse_unsaid_reason(reason)
    if amendment_state(lock_amendment(amendment)) not in (AmendmentState.DRAFT, AmendmentState.PROPOSED):
        raise Refused("closed", _("This amendment is closed already."))
    return Withdrawal.objects.create(amendment=amendment, reason=reason.strip(), created_by=author)


def lock_amendment(amendment: Amendment) -> Amendment:
    return Amendment.objects.select_for_update(of=["self"], no_key=True).get(pk=amendment.pk)


def lock_draft(amendment: Amendment, seen: int | None = None, kind: str = "", about: str = "") -> AmendmentRevision:
    """Lock the amendment and return the latest revision of its draft.

    Refused: `closed` where it is no draft, `stale` where the item to be changed (`kind` and `about`) was
    changed after the revision `seen`. A definition file changes every item.
    """
    if amendment_state(lock_amendment(amendment)) is not AmendmentState.DRAFT:
        raise Refused("closed", _("Only a draft can be changed."))
    if seen is not None:
        later = amendment.revisions.filter(number__gt=seen).select_related("created_by").order_by("number")
        same = models.Q(kind=kind, about=about) | models.Q(kind=ChangeKind.FILE)
        if other := (later if kind == ChangeKind.FILE else later.filter(same)).last():
            words = {"who": other.created_by, "number": other.number}
            raise Refused("stale", _("%(who)s changed this meanwhile (revision %(number)s): look again.") % words)
    return amendment.revisions.select_related("amendment__trial", "amendment__base").latest("number")


def refuse_replaced(proposal: Proposal) -> None:
    """Lock the amendment and refuse a proposal that is no longer current.

    Refused: `closed` where nothing is proposed any more, `stale` where another proposal has replaced the one
    that was read.
    """
    amendment = lock_amendment(proposal.revision.amendment)
    if amendment_state(amendment) is not AmendmentState.PROPOSED:
        raise Refused("closed", _("This amendment is not proposed."))
    if current_proposal(amendment) != proposal:
        raise Refused("stale", _("Something else was proposed meanwhile: read it before you decide."))


def add_revision(
    amendment: Amendment, author: User, kind: ChangeKind, about: str, reason: str, data: Definition
) -> AmendmentRevision:
    refuse_unsaid_reason(reason)
    last = amendment.revisions.order_by("number").last()
    sha256 = canonical.fingerprint(dict(data))
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


def set_source(block: dict[str, Any], source: str | None) -> None:
    """Set the source in the block of a parameter or a criterion: last, as in the definition of a version.

    An empty one is left out; None keeps the present one.
    """
    if source is None or (text := one_line(source)) == one_line(block.get("source", "")):
        return
    refuse_source(text)
    block.pop("source", None)
    if text:
        block["source"] = text


def one_line(text: str) -> str:
    return " ".join(text.split())


def definition_with_plan(data: Definition, number: str, effective_from: date, note: str) -> dict[str, Any]:
    block = {"number": number.strip(), "effective_from": effective_from.isoformat(), "note": note.strip()}
    return {**data, "version": block}


def definition_with_sponsor_protocol(data: Definition, version: str | None, day: date | None) -> dict[str, Any]:
    """Return a definition with the sponsor's protocol: an empty version for none, None for the present one.

    BadDefinition at `sponsor_version` where a day stands alone, or where the version has no place in a line.
    """
    if version is None:
        return {**data}
    rest = {key: value for key, value in data.items() if key != "sponsor_protocol"}
    block = {"version": one_line(version), **({"date": day.isoformat()} if day else {})}
    if not block["version"]:
        if day:
            raise BadDefinition([Fault("sponsor_version", _("is missing: the day is that of a version"))])
        return rest
    return {**rest, "sponsor_protocol": block}
