"""The quick check lets no fault through, and holds up no document without one."""

import random
from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.vocabulary.faults import Repeated
from criteria.vocabulary.fits import FittingCheck
from criteria.vocabulary.validate import validate
from tests.conftest import PROTOCOL
from tests.support.random_documents import random_document

VOCABULARY = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary
CHECK = FittingCheck(VOCABULARY)
STRANGE = [
    *(None, "unknown", "", "yes", "no", "x", "2026", "2026-03", "2026-02-30", "2026-03-09", "1849-01-01", "3,5"),
    "a" * 2001,
    *(0, -1, 1, 7, 10**6, 10**60, 10**61, True, False, 1.5, float("nan")),
    *(Decimal("1.5"), Decimal("-0.1"), Decimal("1.0"), Decimal("1E+70"), Decimal("NaN"), Decimal("Infinity")),
    *(Decimal("0E+90"), Decimal("1." + "3" * 70)),
    *([], {}, ["x"], [1], [[]], [{}], {"x": 1}, [None], Repeated("x"), "call 13812345678", "half \ud800"),
]  # fmt: skip


def spoil(rng, document):
    """Change one thing anywhere: a value, a key, or an element of a list."""
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = rng.choice(keys)
        inner = place[key]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.8:
            place = inner
            continue
        match rng.choice(["value", "value", "value", "remove", "add", "copy"]):
            case "value":
                place[key] = rng.choice(STRANGE)
            case "remove":
                del place[key]
            case "add" if isinstance(place, dict):
                place[rng.choice(["extra", "date", "unit", "status", "value"])] = rng.choice(STRANGE)
            case "copy" if isinstance(place, list):
                place.append(deepcopy(inner))
        return


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32))
def test_document_fits_exactly_where_it_has_no_fault(seed):
    rng = random.Random(seed)
    document = random_document(rng)
    assert CHECK.fits(document)
    for _ in range(12):
        changed = deepcopy(document)
        for _ in range(rng.choice([1, 1, 1, 3])):
            spoil(rng, changed)
        assert CHECK.fits(changed) == (not validate(VOCABULARY, changed)), validate(VOCABULARY, changed)


@pytest.mark.parametrize("document", [None, [], "x", 5, {}, {"extra": 1}, {"labs": "x"}, {"labs": ["x"]}, {1: 2}])
def test_what_is_no_visit_document_does_not_fit(document):
    assert not CHECK.fits(document)
    assert validate(VOCABULARY, document)


def test_result_with_a_key_of_its_own_is_left_to_the_whole_check(monkeypatch):
    document = random_document(random.Random(1))
    document["labs"][0]["extra"] = "x"
    assert not CHECK.fits(document)
