"""People in screening with a chosen neutrophil count, and drafts that change its limit."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from criteria.models import Amendment, AmendmentRevision, ProtocolVersion
from criteria.records import canonical
from criteria.versions.versions import edition_of
from screening.models import Revision, Subject, SubjectStatus, Visit


def with_neutrophils(document: dict[str, Any], count: float | None) -> dict[str, Any]:
    """`count` in 10^9/L (the limit of 1500 /mm3 is 1.5); None: not measured."""
    changed = deepcopy(document)
    if count is None:
        changed["labs"] = [row for row in changed["labs"] if row["analyte"] != "anc"]
        return changed
    for row in changed["labs"]:
        if row["analyte"] == "anc":
            row["value"] = Decimal(str(count))
    return changed


def screen(version: ProtocolVersion, author: User, documents: list[dict[str, Any]]) -> list[SubjectStatus]:
    """As the verbs would have written them, but in bulk and with nothing found yet."""
    first, by = Subject.objects.count() + 1, {"created_by": author}
    subjects = Subject.objects.bulk_create(
        Subject(trial=version.trial, screening_number=f"S-{number:04}", **by)
        for number in range(first, first + len(documents))
    )
    visits = Visit.objects.bulk_create(Visit(subject=subject, number=1, **by) for subject in subjects)
    revisions = Revision.objects.bulk_create(
        Revision(visit=visit, number=1, section="visit", document=document, **by)
        for visit, document in zip(visits, documents, strict=True)
    )
    return SubjectStatus.objects.bulk_create(
        SubjectStatus(
            subject=revision.visit.subject,
            latest_of=revision.visit.subject,
            trial=version.trial,
            screening_number=revision.visit.subject.screening_number,
            visit=revision.visit,
            revision=revision,
        )
        for revision in revisions
    )


def draft(base: ProtocolVersion, author: User, **values: Any) -> AmendmentRevision:
    """A revision of an amendment with other values of parameters."""
    data = deepcopy(edition_of(base).data)
    for name, value in values.items():
        data["parameters"][name]["value"] = value
    return draft_of(base, author, data)


def draft_of(base: ProtocolVersion, author: User, data: dict[str, Any]) -> AmendmentRevision:
    by = {"created_by": author}
    amendment = Amendment.objects.create(trial=base.trial, number=Amendment.objects.count() + 1, base=base, **by)
    return AmendmentRevision.objects.create(
        amendment=amendment,
        number=1,
        kind="value",
        reason="amended",
        definition=data,
        definition_sha256=canonical.fingerprint(data),
        **by,
    )
