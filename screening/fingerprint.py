"""The seal of an assessment: what went in, by which definition and engine, and what came out."""

from collections.abc import Iterable
from hashlib import sha256

from criteria import canonical
from screening.models import Assessment, Verdict

SEALED = ("code", "outcome", "proof", "missing", "values", "parameters", "trace")


def fingerprint(assessment: Assessment, verdicts: Iterable[Verdict]) -> str:
    sheet = {
        "document": assessment.revision.document,
        "definition": assessment.version.definition_sha256,
        "engine": assessment.engine_version,
        "overall": assessment.overall,
        "verdicts": [{name: getattr(verdict, name) for name in SEALED} for verdict in verdicts],
    }
    return sha256(canonical.dump(sheet).encode()).hexdigest()
