from decimal import Decimal

import pytest

from criteria.definition.reader import parse_definition
from criteria.vocabulary.judgements import judgements
from tests.support.documents import add, changed, history, put, records

MARKED = {  # criteria.md, section 9
    "performance.life_expectancy_months",
    "disease.curable",
    "imaging.bleeding_risk_increased",
    "imaging.fistula_risk",
    "adverse_events.irreversible_accepted",
    "adverse_events.level_permitted",
    "history.other_malignancy.investigator_confirms_exempt",
    "history.bleeding_event.significant",
    "history.vascular_disease.affects_safety_evaluation",
    "history.other_cardiac_damage.affects_safety_evaluation",
    "history.interstitial_lung_disease.controlled",
    "history.decompensated_cirrhosis.status",
    "history.nephrotic_syndrome.status",
    "history.uncontrolled_metabolic_disorder.status",
    "history.compliance_limiting_condition.status",
    "history.other_uncontrolled_comorbidity.status",
    "investigator.other_reason_to_exclude",
    "investigator.other_tumour_complication",
    "investigator.other_disease_raising_risk",
}
BLEED = {"status": "past", "date": "2025-06", "significant": "no"}
EVENT = {"term": "rash", "current_grade": 2, "irreversible_accepted": "yes"}


def found(protocol, *changes):
    document = changed(*changes)
    assert not protocol.validate(document)
    return judgements(protocol.vocabulary, document)


def keys(protocol, *changes, name):
    return [each.key for each in found(protocol, *changes) if each.name == name]


def test_what_the_investigator_judges_is_marked_and_nothing_else(protocol):
    assert protocol.vocabulary.judgements == MARKED


def test_every_answered_judgement_is_found_in_the_order_of_the_forms(protocol):
    paths = [each.path for each in found(protocol, history("bleeding_event", BLEED))]
    assert paths[:2] == ["performance.life_expectancy_months", "disease.curable"]
    assert paths[-1] == "investigator.other_disease_raising_risk"
    assert len(paths) == 13


def test_judgement_that_nobody_answered_is_none(protocol):
    unknown = put(investigator="unknown", imaging={}, performance__life_expectancy_months=None)
    asked = history("other_uncontrolled_comorbidity", {"status": "unknown"})
    names = {each.name for each in found(protocol, unknown, asked, history("nephrotic_syndrome"))}
    assert names == {
        "disease.curable",
        "history.decompensated_cirrhosis.status",
        "history.uncontrolled_metabolic_disorder.status",
        "history.compliance_limiting_condition.status",
    }


@pytest.mark.parametrize("value", [7, Decimal("6.0")])
def test_another_value_is_another_judgement(protocol, value):
    name = "performance.life_expectancy_months"
    assert keys(protocol, name=name) != keys(protocol, put(performance__life_expectancy_months=value), name=name)
    assert keys(protocol, name=name) == keys(protocol, put(performance__ecog=0), name=name)


def test_judgement_of_a_record_stays_wherever_the_record_stands(protocol):
    name = "adverse_events.irreversible_accepted"
    first = keys(protocol, records("adverse_events", EVENT), name=name)
    second = keys(protocol, records("adverse_events", {"term": "cough"}, EVENT), name=name)
    assert first == second
    assert len(first) == 1


def test_judgement_of_a_record_is_another_once_the_record_changed(protocol):
    name = "adverse_events.irreversible_accepted"
    graver = records("adverse_events", EVENT | {"current_grade": 3})
    assert keys(protocol, records("adverse_events", EVENT), name=name) != keys(protocol, graver, name=name)
    reordered = records("adverse_events", dict(reversed(EVENT.items())))
    assert keys(protocol, records("adverse_events", EVENT), name=name) == keys(protocol, reordered, name=name)


def test_two_records_alike_are_two_judgements(protocol):
    name = "adverse_events.irreversible_accepted"
    found = keys(protocol, records("adverse_events", EVENT), add("adverse_events", EVENT), name=name)
    assert len(set(found)) == 2


def test_single_question_and_condition_can_be_judgements(second_text):
    text = second_text.replace("{label: gout,", "{label: gout, judgement: true,")
    text = text.replace("{label: smoker, type: yn", "{label: smoker, type: yn, judgement: true")
    vocabulary = parse_definition(text)[1].vocabulary
    assert vocabulary.judgements == {"smoker", "history.gout.status"}
    document = {"smoker": "no", "history": [{"condition": "gout", "status": "past", "flares": 2}]}
    assert [(each.path, each.value) for each in judgements(vocabulary, document)] == [
        ("smoker", "no"),
        ("history[0].status", "past"),
    ]
