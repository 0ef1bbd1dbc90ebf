"""Versions that came about by amendment, without the steps that led there."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from criteria.models import Amendment, AmendmentRevision, Approval, Proposal, ProtocolVersion
from criteria.records import canonical
from criteria.versions.versions import edition_of, publish_version, version_rows
from screening.signatures.seals import compute_seal

MEANING = "I have reviewed this amendment ≥ 审查 and approve the version."


def approved(
    base: ProtocolVersion,
    number: str,
    day: date,
    author: User,
    approver: User,
    values: dict[str, Any] | None = None,
    without: str = "",
    sources: dict[str, str] | None = None,
) -> ProtocolVersion:
    """The version after `base` in which these parameters have these values, in force from that day; each value is a
    revision of its own. `without` is a parameter that a definition file left out, with the criteria that read it, also
    where checks name them; `sources` are those that other parameters cite.
    """
    data = deepcopy(dict(edition_of(base).data))
    data["version"] = {"number": number, "effective_from": day.isoformat(), "note": f"Amendment to {number}"}
    amendment = Amendment.objects.create(
        trial=base.trial, number=base.trial.amendments.count() + 1, base=base, created_by=author
    )
    add(amendment, author, "begun", "", "the committee asked for it", data)
    for name, value in (values or {}).items():
        data["parameters"][name]["value"] = value
        add(amendment, author, "value", name, f"reason for {name}", data)
    for name, source in (sources or {}).items():
        data["parameters"][name]["source"] = source
        add(amendment, author, "value", name, f"source of {name}", data)
    if without:
        del data["parameters"][without]
        data["criteria"] = [block for block in data["criteria"] if f"${without}" not in str(block)]
        data.pop("tests", None)  # they expect an outcome of every criterion
        kept = {block["code"] for block in data["criteria"]}
        data["checks"] = [
            block | {"criteria": [code for code in block["criteria"] if code in kept]}
            for block in data.get("checks", [])
        ]
        add(amendment, author, "file", "", "a new file", data)
    version = publish_version(version_rows(base.trial, data))
    proposal = Proposal.objects.create(revision=amendment.latest_revision(), reason="ready", created_by=author)
    sign(Approval(proposal=proposal, version=version, created_by=approver))
    return version


def add(amendment: Amendment, author: User, kind: str, about: str, reason: str, data: dict[str, Any]) -> None:
    AmendmentRevision.objects.create(
        amendment=amendment,
        number=amendment.revisions.count() + 1,
        kind=kind,
        about=about,
        reason=reason,
        definition=data,
        definition_sha256=canonical.fingerprint(data),
        created_by=author,
    )


def sign(approval: Approval) -> None:
    approval.reason = "agreed"
    approval.printed_name, approval.role, approval.zone = "Dr. Li Na", "principal investigator", "UTC"
    approval.meaning = MEANING
    approval.ethics_committee, approval.ethics_reference = "Ethics Committee West", "EC-2026-014"
    approval.ethics_approved_on = date(2026, 1, 5)
    approval.seal = compute_seal(approval)
    approval.save()
