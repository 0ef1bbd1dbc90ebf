"""Assessments that each released engine made, kept for good: `python -m tests.released [definition file …]`.

Whoever raises `criteria.ENGINE_VERSION` keeps a set of it; `tests/criteria/evaluation/test_released.py` replays every
set by the engine of the day. A set is a folder named by the engine's version: the definition files, and
`assessments.jsonl` with a line for each assessment. It is never made again: what an engine answered then cannot be
asked of another one now.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialsite.settings.test")
django.setup()

from criteria import ENGINE_VERSION  # noqa: E402
from criteria.definition.reader import parse_definition  # noqa: E402
from criteria.evaluation.protocol import Protocol, Sheet  # noqa: E402
from criteria.models import Trial  # noqa: E402
from criteria.records import canonical  # noqa: E402  (the models need Django set up)
from criteria.versions.versions import version_rows  # noqa: E402
from tests.support.random_documents import random_document  # noqa: E402

DATA = Path(__file__).parent / "data"
SETS = DATA / "released"
EXAMPLES = (DATA / "cases.jsonl", DATA / "hypertension.jsonl")
DEFINITIONS = (*sorted((DATA.parent.parent / "criteria/protocols").glob("*.yaml")), DATA / "hypertension.yaml")
SEED, DRAWN = 20261123, 300


class Definition(NamedTuple):
    """`name` is that of its file in a set, `sha256` that of the version that it makes."""

    name: str
    sha256: str
    text: str
    protocol: Protocol


def read_definition(path: Path) -> Definition:
    text = path.read_text(encoding="utf-8")
    data, protocol = parse_definition(text)
    made = version_rows(Trial(**data["trial"]), data).version.definition_sha256
    return Definition(f"{protocol.trial}-{protocol.version}", made, text, protocol)


def keep(paths: Iterable[Path], sets: Path = SETS) -> Path:
    """Makes the set of the present engine under these definitions; SystemExit where it has one."""
    folder = sets / ENGINE_VERSION
    if folder.exists():
        raise SystemExit(f"{folder} stands: what engine {ENGINE_VERSION} answered is kept for good")
    definitions = {found.sha256: found for found in map(read_definition, paths)}
    lines = [canonical.dump(line) for found in definitions.values() for line in assessments(found)]
    folder.mkdir(parents=True)
    for found in definitions.values():
        (folder / f"{found.name}.yaml").write_text(found.text, encoding="utf-8")
    (folder / "assessments.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def assessments(definition: Definition) -> Iterator[dict[str, Any]]:
    for name, document in documents(definition.protocol):
        sheet = definition.protocol.assess(document)
        yield {
            "id": name,
            "definition": definition.name,
            "definition_sha256": definition.sha256,
            "engine": ENGINE_VERSION,
            "document": document,
            **answered(sheet),
            "sheet_sha256": fingerprint(sheet),
        }


def answered(sheet: Sheet) -> dict[str, Any]:
    """What was said to people: outcomes, proofs and what was missing, by code."""
    return {
        "overall": sheet.overall,
        "outcomes": sheet.outcomes,
        "proofs": {verdict.code: verdict.proof for verdict in sheet.verdicts},
        "missing": {verdict.code: verdict.missing for verdict in sheet.verdicts if verdict.missing},
    }


def fingerprint(sheet: Sheet) -> str:
    """Of all verdicts with their values, parameters and traces."""
    return sha256(canonical.dump([verdict._asdict() for verdict in sheet.verdicts]).encode()).hexdigest()


def documents(protocol: Protocol) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every second example and some random documents; of all others, those by which some criterion comes out as it did
    in none before.
    """
    seen: set[tuple[str, str]] = set()
    always = [*examples()[::2], *drawn()[:10]]
    for candidate in (*always, *drawn()[10:], *examples()[1::2]):
        if protocol.validate(candidate[1]):  # of another trial
            continue
        outcomes = set(protocol.assess(candidate[1]).outcomes.items())
        if candidate in always or outcomes - seen:
            seen |= outcomes
            yield candidate


def examples() -> list[tuple[str, dict[str, Any]]]:
    lines = [line for path in EXAMPLES for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["id"], row["document"]) for row in map(canonical.parse, lines)]


def drawn() -> list[tuple[str, dict[str, Any]]]:
    """Through canonical JSON, as a document comes from the database."""
    rng = random.Random(SEED)
    documents = (canonical.parse(canonical.dump(random_document(rng))) for _ in range(DRAWN))
    return [(f"random-{number:03}", document) for number, document in enumerate(documents)]


def kept_definitions() -> list[Path]:
    return sorted(SETS.glob("*/*.yaml"))


if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:]]
    print(keep(given or [*kept_definitions(), *DEFINITIONS]))
