"""Protocol versions as rows: loading a definition, finding the version in force, putting a Protocol together again."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from criteria import canonical
from criteria.definition import BadDefinition, parse, protocol_from
from criteria.models import Criterion, Parameter, ProtocolVersion, Trial
from criteria.protocol import Protocol
from criteria.vocabulary.faults import Fault

TRIAL_KEYS = ("title", "registry_url", "planned_enrolment")
CRITERION_KEYS = ("code", "category", "statement", "reading", "official_wording", "applies", "rule")

loaded = Signal()  # a new version was added: `version`, sent within the same transaction


class Tampered(RuntimeError):
    """Rows of a published version that do not fit its fingerprint: nobody may be screened by them."""


@transaction.atomic
def load(text: str) -> tuple[ProtocolVersion, bool]:
    """The version that a definition file describes, and whether it is new.

    A file that was loaded before changes nothing. BadDefinition where the file is faulty, or differs from what was
    published under its number.
    """
    data, protocol = parse(text)
    trial = trial_row(data["trial"])
    version = ProtocolVersion(
        trial=trial,
        number=protocol.version,
        effective_from=protocol.effective_from,
        note=data["version"].get("note", ""),
        codes=data.get("codes", {}),
        sections=data["sections"],
        terms=data.get("terms", {}),
    )
    criteria, parameters = criterion_rows(version, data), parameter_rows(version, data)
    version.definition_sha256 = fingerprint(definition(version, criteria, parameters))
    published = ProtocolVersion.objects.filter(trial=trial, number=version.number).first()
    if published:
        refuse_changed(published, version)
        return published, False
    version.save()
    Criterion.objects.bulk_create(criteria)
    Parameter.objects.bulk_create(parameters)
    loaded.send(ProtocolVersion, version=version)
    return version, True


def trial_row(block: dict[str, Any]) -> Trial:
    """The trial's row, made when its first version is loaded; what stands there stays."""
    described = Trial(**{key: block[key] for key in ("code", *TRIAL_KEYS) if key in block})
    trial = Trial.objects.filter(code=described.code).first()
    if trial is None:
        described.save()
        return described
    for key in TRIAL_KEYS:
        if getattr(trial, key) != getattr(described, key):
            message = _("differs from what was loaded before: “%(known)s”") % {"known": getattr(trial, key)}
            raise BadDefinition([Fault(f"trial.{key}", message)])
    return trial


def criterion_rows(version: ProtocolVersion, data: dict[str, Any]) -> list[Criterion]:
    return [Criterion(version=version, position=at, **block) for at, block in enumerate(data["criteria"], start=1)]


def parameter_rows(version: ProtocolVersion, data: dict[str, Any]) -> list[Parameter]:
    return [
        Parameter(
            version=version,
            name=name,
            position=at,
            title=block["title"],
            value=block["value"],
            unit=block.get("unit", "1"),
        )
        for at, (name, block) in enumerate(data.get("parameters", {}).items(), start=1)
    ]


def definition(version: ProtocolVersion, criteria: list[Criterion], parameters: list[Parameter]) -> dict[str, Any]:
    """The definition as plain data, put together from its rows; what `criteria.definition` reads."""
    trial = version.trial
    return {
        "trial": {"code": trial.code, **{key: getattr(trial, key) for key in TRIAL_KEYS}},
        "version": {
            "number": version.number,
            "effective_from": version.effective_from.isoformat(),
            "note": version.note,
        },
        "codes": version.codes,
        "sections": version.sections,
        "parameters": {row.name: {"title": row.title, "value": row.value, "unit": row.unit} for row in parameters},
        "terms": version.terms,
        "criteria": [{key: getattr(row, key) for key in CRITERION_KEYS} for row in criteria],
    }


def fingerprint(data: dict[str, Any]) -> str:
    return sha256(canonical.dump(data).encode()).hexdigest()


def refuse_changed(published: ProtocolVersion, version: ProtocolVersion) -> None:
    if published.definition_sha256 != version.definition_sha256:
        message = _("version %(number)s was published with another content; a change needs a number of its own")
        raise BadDefinition([Fault("version.number", message % {"number": version.number})])


def in_force(trial: Trial, on: date) -> ProtocolVersion:
    """The version of the trial in force on a day; ProtocolVersion.DoesNotExist where there was none yet."""
    versions = ProtocolVersion.objects.filter(trial=trial, effective_from__lte=on).select_related("trial")
    found = versions.order_by("-effective_from", "-pk").first()
    if found is None:
        raise ProtocolVersion.DoesNotExist(f"no version of {trial.code} was in force on {on.isoformat()}")
    return found


def protocol_of(version: ProtocolVersion) -> Protocol:
    """The version ready to evaluate; kept, since a published version never changes."""
    return kept_protocol(version.definition_sha256)


@lru_cache(maxsize=16)
def kept_protocol(definition_sha256: str) -> Protocol:
    version = ProtocolVersion.objects.select_related("trial").get(definition_sha256=definition_sha256)
    data = definition(version, list(version.criteria.all()), list(version.parameters.all()))
    if fingerprint(data) != definition_sha256:
        raise Tampered(f"the rows of {version} are not those that were published")
    return protocol_from(data)
