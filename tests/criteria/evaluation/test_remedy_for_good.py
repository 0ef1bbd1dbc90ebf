"""What is for good, held against what may yet change."""

import random
from copy import deepcopy
from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from criteria.vocabulary import Checklist, Group, Records, Single
from tests.support.documents import changed, history
from tests.support.failing import failing
from tests.support.random_documents import random_document


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_a_failure_that_is_for_good_never_comes_right(protocol, seed):
    """Whatever perishable facts change, whatever is added to a list, however late the next visit and its first dose."""
    rng = random.Random(seed)
    document = random_document(rng)
    final = {code for code, found in failing(protocol, document).items() if found.remedy == "none"}
    later = at_another_visit(protocol.vocabulary, document, rng)
    if not final or protocol.validate(later):
        return
    for finding in protocol.evaluate(later):
        assert finding.criterion.code not in final or finding.outcome not in ("pass", "not_applicable")


def test_failure_by_a_condition_that_was_is_for_good_though_it_is_asked_anew(protocol):
    """Myocarditis is asked anew at each visit; somebody who had it has had it."""
    assert protocol.vocabulary.parts["history"].conditions["myocarditis"].perishable
    document = changed(history("myocarditis", {"status": "past"}))
    assert failing(protocol, document)["E13"].remedy == "none"


def at_another_visit(vocabulary, document, rng):
    """The same person later: perishable facts from anybody, conditions that went by, the rest as it was."""
    later, other = deepcopy(document), random_document(rng)
    for part in vocabulary.parts.values():
        content = later.get(part.key)
        if part.perishable or (part.may_change and rng.random() < 0.5):
            later[part.key] = other.get(part.key)
        elif isinstance(part, Group) and isinstance(content, dict):
            renew(content, part.fields, rng)
        elif isinstance(part, Single) and part.field.perishable:
            later.pop(part.key, None)
        elif isinstance(part, Records | Checklist) and isinstance(content, list):
            for record in content:
                renew(record, fields_of(part, record), rng)
                if record.get("status") == "current":
                    record["status"] = rng.choice(("past", "current"))
            if isinstance(part, Records) and rng.random() < 0.5:
                content.extend(other.get(part.key) or [])
    day = date.fromisoformat(document["visit"]["date"]) + timedelta(rng.choice((0, 1, 30, 400, 1500)))
    dose = day + timedelta(rng.choice((0, 7, 30, 400)))
    return later | {"visit": {"date": day.isoformat(), "planned_first_dose_date": dose.isoformat()}}


def fields_of(part, record):
    return part.conditions[record["condition"]].details if isinstance(part, Checklist) else part.fields


def renew(content, fields, rng):
    """Other answers to what perishes or may change."""
    for field in fields.values():
        if not (field.perishable or field.may_change):
            continue
        choices = [*field.choices] or ([*range(field.maximum + 1)][field.minimum :] if field.maximum else [None])
        content[field.name] = rng.choice([*choices, None])
