"""Protocol versions as rows: loading a definition, finding the version in force, rebuilding a Protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from criteria.definition.blocks import NumbersBlock
from criteria.definition.reader import BadDefinition, Edition, kept_edition, parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.models import Criterion, Parameter, ProtocolVersion, Trial
from criteria.records import canonical
from criteria.records.official_wording import wording_text
from criteria.rules.facts import FORMATS
from criteria.versions.numbers import refuse_taken_prefix
from criteria.vocabulary.faults import Fault

TRIAL_KEYS = ("title", "registry_url", "planned_enrolment")
CRITERION_KEYS = ("code", "category", "statement", "reading", "official_wording", "applies", "rule")

version_loaded = Signal()  # a new version was added: `version`, sent within the same transaction


class Tampered(RuntimeError):
    """Rows of a published version that do not match its fingerprint: nobody may be screened by them."""


class VersionRows(NamedTuple):
    """A version with its criteria and parameters, not saved yet."""

    version: ProtocolVersion
    criteria: list[Criterion]
    parameters: list[Parameter]

    @property
    def definition(self) -> dict[str, Any]:
        return definition_data(*self)


@transaction.atomic
def load_definition(text: str) -> tuple[ProtocolVersion, bool]:
    """Load a definition file; return the version that it describes, and whether it is new.

    A file that was loaded before changes nothing. BadDefinition where the file is faulty, or differs from what
    was published under its number. No approval is asked for: the next version of a trial that has one is made
    by an amendment.
    """
    data, _protocol = parse_definition(text)
    trial = trial_row(data["trial"])
    rows = version_rows(trial, data)
    published = ProtocolVersion.objects.filter(trial=trial, number=rows.version.number).first()
    if published:
        refuse_changed(published, rows.version)
        return published, False
    return publish_version(rows), True


def publish_version(rows: VersionRows) -> ProtocolVersion:
    """Save a version and send `version_loaded`, within the transaction of the caller who decided so.

    BadDefinition where its screening numbers would have the prefix of another trial.
    """
    refuse_taken_prefix(rows.version)
    rows.version.save()
    Criterion.objects.bulk_create(rows.criteria)
    Parameter.objects.bulk_create(rows.parameters)
    version_loaded.send(ProtocolVersion, version=rows.version)
    return rows.version


def version_rows(trial: Trial, data: Mapping[str, Any]) -> VersionRows:
    """Return the rows of a definition, which must be free of faults, with its fingerprint."""
    block = data["version"]
    version = ProtocolVersion(
        trial=trial,
        number=block["number"],
        effective_from=date.fromisoformat(block["effective_from"]),
        note=block.get("note", ""),
        sponsor_protocol=data.get("sponsor_protocol"),
        numbers=data.get("numbers") and NumbersBlock(**data["numbers"]).model_dump(),
        codes=data.get("codes", {}),
        sections=data["sections"],
        drugs=data.get("drugs"),
        terms=data.get("terms", {}),
        check_limits=data.get("check_limits"),
        checks=data.get("checks"),
        summary=data.get("summary"),
        tests=data.get("tests"),
        tables=data.get("tables"),
        format=data.get("format", FORMATS[0]),
    )
    rows = VersionRows(version, criterion_rows(version, data), parameter_rows(version, data))
    version.definition_sha256 = canonical.fingerprint(rows.definition)
    return rows


def trial_row(block: dict[str, Any]) -> Trial:
    """Return the trial's row, created when its first version is loaded; an existing row is not changed.

    BadDefinition where the title, the registry URL or the planned enrolment differs from what was loaded
    before.
    """
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


def criterion_rows(version: ProtocolVersion, data: Mapping[str, Any]) -> list[Criterion]:
    return [
        Criterion(version=version, position=at, **{**block, **fields_of_texts(block)})
        for at, block in enumerate(data["criteria"], start=1)
    ]


def parameter_rows(version: ProtocolVersion, data: Mapping[str, Any]) -> list[Parameter]:
    return [
        Parameter(
            version=version,
            name=name,
            position=at,
            title=block["title"],
            value=block["value"],
            unit=block.get("unit", "1"),
            type=block.get("type", ""),
            permitted=block.get("permitted"),
            source=block.get("source", ""),
        )
        for at, (name, block) in enumerate(data.get("parameters", {}).items(), start=1)
    ]


def newest_version(trial: Trial) -> ProtocolVersion | None:
    """Return the version that is last in force at present: the next one is made from it. None without any."""
    return ProtocolVersion.objects.filter(trial=trial).order_by("effective_from", "pk").select_related("trial").last()


def definition_data(version: ProtocolVersion, criteria: list[Criterion], parameters: list[Parameter]) -> dict[str, Any]:
    """Return the definition as plain data, built from its rows; `criteria.definition.reader` reads it.

    A version without a sponsor's protocol, numbers, drugs, checks, a summary, tests or tables keeps the fingerprint
    that it had before there were any.
    """
    trial = version.trial
    return {
        "trial": {"code": trial.code, **{key: getattr(trial, key) for key in TRIAL_KEYS}},
        "version": {
            "number": version.number,
            "effective_from": version.effective_from.isoformat(),
            "note": version.note,
        },
        **({"sponsor_protocol": version.sponsor_protocol} if version.sponsor_protocol else {}),
        **({"numbers": version.numbers} if version.numbers else {}),
        "codes": version.codes,
        "sections": version.sections,
        **({"drugs": version.drugs} if version.drugs else {}),
        "parameters": {row.name: parameter_block(row) for row in parameters},
        "terms": version.terms,
        "criteria": [criterion_block(row) for row in criteria],
        **({"check_limits": version.check_limits} if version.check_limits else {}),
        **({"checks": version.checks} if version.checks else {}),
        **({"summary": version.summary} if version.summary else {}),
        **({"tests": version.tests} if version.tests else {}),
        **({"tables": version.tables} if version.tables else {}),
        **({"format": version.format} if version.format != FORMATS[0] else {}),
    }


def criterion_block(row: Criterion) -> dict[str, Any]:
    """Return a criterion's block without an empty source.

    The fingerprint of a version that was published before there were sources thus stays the same; so does that of one
    whose interpretations are a single text.
    """
    block = {key: getattr(row, key) for key in CRITERION_KEYS}
    block["reading"] = row.interpretations or row.reading
    block["official_wording"] = row.wordings or row.official_wording
    return block | ({"source": row.source} if row.source else {})


def fields_of_texts(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a criterion's row that hold its interpretations and its official wording.

    Each is one text; beside it stands what the definition has in its place: a list of texts and blocks, or a text for
    each language.
    """
    reading, wording = block.get("reading", ""), block.get("official_wording", "")
    return {
        "reading": reading_text(reading),
        "interpretations": reading if isinstance(reading, list) else None,
        "official_wording": wording_text(wording),
        "wordings": wording if isinstance(wording, Mapping) else None,
    }


def reading_text(reading: str | list[Any]) -> str:
    """Return interpretations as text, a line each."""
    if isinstance(reading, str):
        return reading
    return "\n".join(each if isinstance(each, str) else each["text"] for each in reading)


def parameter_block(row: Parameter) -> dict[str, Any]:
    """Return a parameter's block without what the version did not declare.

    The fingerprint of a version that was published thus stays the same.
    """
    declared = {"type": row.type or None, "permitted": row.permitted, "source": row.source or None}
    block = {"title": row.title, "value": row.value, "unit": row.unit}
    return block | {key: value for key, value in declared.items() if value is not None}


def refuse_changed(published: ProtocolVersion, version: ProtocolVersion) -> None:
    if published.definition_sha256 != version.definition_sha256:
        message = _("version %(number)s was published with another content; a change needs a number of its own")
        raise BadDefinition([Fault("version.number", message % {"number": version.number})])


def version_on(trial: Trial, on: date) -> ProtocolVersion:
    """Return the version of the trial in force on a day.

    ProtocolVersion.DoesNotExist where there was none yet.
    """
    versions = ProtocolVersion.objects.filter(trial=trial, effective_from__lte=on).select_related("trial")
    found = versions.order_by("-effective_from", "-pk").first()
    if found is None:
        raise ProtocolVersion.DoesNotExist(f"no version of {trial.code} was in force on {on.isoformat()}")
    return found


def protocol_of(version: ProtocolVersion) -> Protocol:
    """Return the version ready to evaluate; cached, since a published version never changes."""
    return cached_edition(version.definition_sha256).protocol


def edition_of(version: ProtocolVersion) -> Edition:
    """Return the version's protocol with the definition that the rows make; cached likewise."""
    return cached_edition(version.definition_sha256)


def cached_edition(definition_sha256: str) -> Edition:
    return kept_edition(definition_sha256, lambda: published_definition(definition_sha256))


def published_definition(definition_sha256: str) -> dict[str, Any]:
    """Return the definition that the rows of a version make; Tampered where they are not those that were published."""
    version = ProtocolVersion.objects.select_related("trial").get(definition_sha256=definition_sha256)
    data = definition_data(version, list(version.criteria.all()), list(version.parameters.all()))
    if canonical.fingerprint(data) != definition_sha256:
        raise Tampered(f"the rows of {version} are not those that were published")
    return data
