"""Criteria as CDISC USDM 4.0: EligibilityCriterion within a study design, EligibilityCriterionItem within the version.

Codes are those of CDISC's controlled terminology (NCI Thesaurus). What USDM requires and a definition does not hold
(arms, epochs, the model of the design) is empty, or said to be not stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from criteria.definition.reader import Edition
from criteria.evaluation.criterion import Criterion
from criteria.evaluation.protocol import Protocol
from criteria.records import canonical
from criteria.standards.texts import AS_TEXT, NOT_STATED, RULE, first_words, notes_of

Json = dict[str, Any]
USDM_VERSION = "4.0.0"
TERMINOLOGY, TERMINOLOGY_VERSION = "http://www.cdisc.org", "2024-09-27"
CATEGORIES = {"inclusion": ("C25532", "Inclusion Criteria"), "exclusion": ("C25370", "Exclusion Criteria")}
OFFICIAL_TITLE = ("C207616", "Official Study Title")
REGISTRY = ("C93453", "Study Registry")
UNKNOWN = ("C17998", "Unknown")
CLINICAL_TRIALS_GOV = "https://clinicaltrials.gov/"


def usdm_wrapper(edition: Edition) -> Json:
    """Return the study of a version, as the API of USDM transports it."""
    trial = edition.data["trial"]
    study = {
        "id": str(uuid5(NAMESPACE_URL, trial.get("registry_url") or f"urn:trialsite:{trial['code']}")),
        "name": trial["code"],
        "description": None,
        "label": None,
        "versions": [study_version(edition)],
        "documentedBy": [],
        "instanceType": "Study",
    }
    return {"study": study, "usdmVersion": USDM_VERSION, "systemName": "trialsite", "systemVersion": None}


def study_version(edition: Edition) -> Json:
    data, protocol = edition
    trial, sponsored = data["trial"], data.get("sponsor_protocol") or {}
    title = {"text": trial["title"], "type": code("Title", *OFFICIAL_TITLE)}
    return {
        "id": "StudyVersion_1",
        "versionIdentifier": sponsored.get("version") or data["version"]["number"],
        "rationale": data["version"].get("note") or NOT_STATED,
        "studyIdentifiers": [instance_of("StudyIdentifier", 1, text=trial["code"], scopeId="Organization_1")],
        "titles": [instance_of("StudyTitle", 1, **title)],
        "organizations": [registry(trial.get("registry_url", ""))],
        "studyDesigns": [study_design(edition)],
        "eligibilityCriterionItems": [
            criterion_item(protocol, criterion, block, at)
            for at, (criterion, block) in enumerate(zip(protocol.criteria, data["criteria"], strict=True), start=1)
        ],
        "notes": [
            instance_of("CommentAnnotation", at, text=text) for at, text in enumerate(version_notes(data), start=1)
        ],
        "instanceType": "StudyVersion",
    }


def version_notes(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what USDM has no place for, or requires without the definition saying it."""
    yield f"Version {data['version']['number']} of the definition, in force from {data['version']['effective_from']}."
    if day := (data.get("sponsor_protocol") or {}).get("date"):
        yield f"The sponsor's protocol is of {day}."
    yield f"Arms, cells, epochs, the model of the design and whether healthy subjects are included: {NOT_STATED}."


def registry(address: str) -> Json:
    """Return the organization in whose scope the trial's code is an identifier."""
    known = address.startswith(CLINICAL_TRIALS_GOV)
    return {
        "id": "Organization_1",
        "name": "CT-GOV" if known else NOT_STATED,
        "label": "ClinicalTrials.gov" if known else None,
        "type": code("Organization", *(REGISTRY if known else UNKNOWN)),
        "identifierScheme": "USGOV" if known else NOT_STATED,
        "identifier": "CT-GOV" if known else NOT_STATED,
        "instanceType": "Organization",
    }


def study_design(edition: Edition) -> Json:
    data, protocol = edition
    return {
        "id": "InterventionalStudyDesign_1",
        "name": f"{data['trial']['code']}, version {data['version']['number']}",
        "rationale": NOT_STATED,
        "arms": [],
        "studyCells": [],
        "epochs": [],
        "model": code("Model", *UNKNOWN),
        "population": population(edition),
        "eligibilityCriteria": [
            eligibility_criterion(protocol.criteria, at) for at in range(1, len(protocol.criteria) + 1)
        ],
        "instanceType": "InterventionalStudyDesign",
    }


def population(edition: Edition) -> Json:
    planned = edition.data["trial"].get("planned_enrolment")
    return {
        "id": "StudyDesignPopulation_1",
        "name": "Eligible subjects",
        "includesHealthySubjects": False,
        "plannedEnrollmentNumber": instance_of("Quantity", 1, value=planned, unit=None) if planned else None,
        "criterionIds": [f"EligibilityCriterion_{at}" for at in range(1, len(edition.protocol.criteria) + 1)],
        "instanceType": "StudyDesignPopulation",
    }


def eligibility_criterion(criteria: Sequence[Criterion], at: int) -> Json:
    """Return a criterion of the design; its number counts from 1."""
    criterion = criteria[at - 1]
    return {
        "id": f"EligibilityCriterion_{at}",
        "name": criterion.code,
        "category": code(f"Category_{at}", *CATEGORIES[criterion.category]),
        "identifier": criterion.code,
        "criterionItemId": f"EligibilityCriterionItem_{at}",
        "nextId": f"EligibilityCriterion_{at + 1}" if at < len(criteria) else None,
        "previousId": f"EligibilityCriterion_{at - 1}" if at > 1 else None,
        "instanceType": "EligibilityCriterion",
    }


def criterion_item(protocol: Protocol, criterion: Criterion, block: Json, at: int) -> Json:
    """Return the words of a criterion; its rule, which USDM has no class for, stands beside them as text, marked."""
    notes = [
        instance_of("CommentAnnotation", f"{criterion.code}_{number}", text=text)
        for number, text in enumerate(notes_of(protocol, criterion), start=1)
    ]
    rule = {key: block[key] for key in ("rule", "applies") if block.get(key) is not None}
    return {
        "id": f"EligibilityCriterionItem_{at}",
        "extensionAttributes": [
            instance_of("ExtensionAttribute", f"{criterion.code}_rule", url=RULE, valueString=canonical.dump(rule)),
            instance_of("ExtensionAttribute", f"{criterion.code}_text", url=AS_TEXT, valueBoolean=True),
        ],
        "name": criterion.code,
        "text": escape(first_words(criterion), quote=False),
        "dictionaryId": None,
        "notes": notes,
        "instanceType": "EligibilityCriterionItem",
    }


def code(name: str, number: str, decode: str) -> Json:
    system = {"codeSystem": TERMINOLOGY, "codeSystemVersion": TERMINOLOGY_VERSION}
    return instance_of("Code", name, code=number, **system, decode=decode)


def instance_of(kind: str, name: str | int, **values: Any) -> Json:
    """Return an instance of a class of USDM, with its id."""
    return {"id": f"{kind}_{name}", **values, "instanceType": kind}
