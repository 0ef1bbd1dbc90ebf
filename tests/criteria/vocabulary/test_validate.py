import random
from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from criteria.evaluation import incoming
from criteria.records import canonical
from criteria.vocabulary import validate
from tests.support.documents import changed, outcomes, put
from tests.support.random_documents import random_document

LAB = {"analyte": "anc", "value": 3, "unit": "10*9/L", "collected": "2026-03-08"}
ID_NUMBER = "11010519491231002X"


def part(name, value):
    return put(**{name: value})


def first(name, /, **values):
    """The first record of a list with some of its keys set."""

    def change(document):
        document[name][0] |= values

    return change


FAULTS = [
    # keys
    (part("weather", "fine"), "weather", "unknown key"),
    (put(subject__shoe_size=42), "subject.shoe_size", "unknown key"),
    (first("labs", colour="red"), "labs[0].colour", "unknown key"),
    (first("history", grade=3), "history[0].grade", "unknown key"),
    # shapes
    (part("subject", []), "subject", "is not an object"),
    (part("subject", "male"), "subject", "is not an object"),
    (part("labs", {}), "labs", "is not a list of records"),
    (part("labs", [5]), "labs[0]", "is not an object"),
    (part("history", [None]), "history[0]", "is not an object"),
    (part("therapies", "none"), "therapies", "is not a list of records"),
    (part("reviewed", "lesions"), "reviewed", "is not a list of names"),
    (part("reviewed", ["lesions", "labs"]), "reviewed[1]", "is not one of: lesions"),
    (part("reviewed", [{"lesions": 1}]), "reviewed[0]", "is not one of: lesions"),
    (part("concurrent_study", ["none"]), "concurrent_study", "is not one of"),
    # codes
    (put(subject__sex="m"), "subject.sex", "“m” is not one of: male, female, unknown"),
    (put(consent__signed=True), "consent.signed", "is not one of: yes, no"),
    (put(consent__signed=1), "consent.signed", "is not one of"),
    (first("therapies", agents="platinum"), "therapies[0].agents", "is not a list of codes"),
    (first("therapies", agents=["platinum", "gold"]), "therapies[0].agents[1]", "“gold” is not one of"),
    (first("therapies", agents=[["platinum"]]), "therapies[0].agents[0]", "is not one of"),
    (first("labs", comparator="~"), "labs[0].comparator", "is not one of: <, <=, >, >="),
    # numbers
    (put(performance__ecog="1"), "performance.ecog", "“1” is not a whole number"),
    (put(performance__ecog=5), "performance.ecog", "out of range: from 0 to 4"),
    (put(performance__ecog=Decimal("0.5")), "performance.ecog", "is not a whole number"),
    (put(performance__ecog=True), "performance.ecog", "is not a whole number"),
    *(
        (put(consent__time=time), "consent.time", "is not a time of day such as 09:30 or 14:05")
        for time in ("9:30", "24:00", "14:60", "14.05", "2 pm", "١٤:٠٥")
    ),
    (put(consent__time=930), "consent.time", "is not text"),
    (put(vitals__weight_kg=-1), "vitals.weight_kg", "out of range: at least 0 kg"),
    (put(vitals__weight_kg=61.5), "vitals.weight_kg", "is not a number"),
    (put(vitals__weight_kg="61,5"), "vitals.weight_kg", "is not a number: write 61.5"),
    (put(vitals__weight_kg="６３.5"), "vitals.weight_kg", "is not a number: write 63.5"),
    (put(vitals__weight_kg="1,200"), "vitals.weight_kg", "it may mean 1200, in thousands, or 1.2, with a decimal sign"),
    (put(vitals__weight_kg="1.234"), "vitals.weight_kg", "it may mean 1234, in thousands, or 1.2340, with a decimal"),
    (put(vitals__weight_kg="132斤"), "vitals.weight_kg", "“132斤” is 66 kg, at 0.5 kg to the jin"),
    (first("labs", value="<20 mg/dL"), "labs[0].value", "“mg/dL” after the number cannot be read here"),
    (put(vitals__weight_kg="1+"), "vitals.weight_kg", "a graded result is no measured number"),
    (put(vitals__weight_kg="<61"), "vitals.weight_kg", "only a laboratory result has a sign before it"),
    (put(vitals__weight_kg=float("nan")), "vitals.weight_kg", "is not a number"),
    (put(vitals__weight_kg=Decimal("NaN")), "vitals.weight_kg", "is not a number that can be measured"),
    (put(vitals__weight_kg=Decimal("Infinity")), "vitals.weight_kg", "is not a number that can be measured"),
    (put(vitals__weight_kg=Decimal("1E+61")), "vitals.weight_kg", "is not a number that can be measured"),
    (put(vitals__weight_kg=10**61), "vitals.weight_kg", "is not a number that can be measured"),
    (first("labs", value=-1), "labs[0].value", "out of range: at least 0"),
    (first("labs", value="<0.1"), "labs[0].value", "is not a number"),
    # units
    (first("labs", unit="mg/dL"), "labs[0].unit", ": 10*9/L, 10*3/uL, /uL, /mm3"),
    (put(infections__hbsag="1+"), "infections.hbsag", "positive, indeterminate, unknown; write positive"),
    (put(infections__hbsag="弱阳性"), "infections.hbsag", "negative, positive, indeterminate, unknown"),
    (first("labs", unit="K/uL"), "labs[0].unit", "is not one of: 10*9/L, 10*3/uL, /uL, /mm3; write 10*3/uL"),
    (first("labs", unit="g/L"), "labs[0].unit", "is not one of"),
    (first("labs", unit=["10*9/L"]), "labs[0].unit", "is not one of"),
    # dates
    (put(consent__date="2026-02-30"), "consent.date", "is no date in the calendar"),
    (put(consent__date="2026-00"), "consent.date", "is not a date, whole or partial"),
    (put(consent__date=20260305), "consent.date", "is not a date"),
    (put(consent__date="5/3/2026"), "consent.date", "may mean 2026-03-05 or 2026-05-03: type the one that is meant"),
    (put(consent__date="２０２６-３-５"), "consent.date", "2026-03-14, 2026-03 or 2026: write 2026-03-05"),
    (put(consent__date="26-3-5"), "consent.date", "is not a date, whole or partial"),
    (put(visit__planned_first_dose_date="2026-03"), "visit.planned_first_dose_date", "is not a whole date"),
    (first("labs", collected="2026-03"), "labs[0].collected", "is not a whole date"),
    # order
    (put(visit__planned_first_dose_date="2026-03-08"), "visit.planned_first_dose_date", "lies before the visit date"),
    (put(subject__birth_date="2026-03-10"), "subject.birth_date", "lies after the visit date"),
    (put(subject__birth_date="2027"), "subject.birth_date", "lies after the visit date"),
    (first("therapies", end_date="2025-03-02"), "therapies[0].end_date", "lies before the start date"),
    (first("therapies", end_date="2024"), "therapies[0].end_date", "lies before"),
    # required
    (put(visit__date=None), "visit.date", "visit date is required"),
    (part("visit", None), "visit.date", "visit date is required"),
    (put(visit__date="unknown"), "visit.date", "visit date is required"),
    (first("labs", analyte=None), "labs[0].analyte", "test is required"),
    (first("labs", value="unknown"), "labs[0].value", "value is required"),
    (first("labs", collected=None), "labs[0].collected", "is required"),
    (first("history", status=None), "history[0].status", "status is required"),
    (first("history", condition=None), "history[0].condition", "condition is required"),
    (part("pregnancy_tests", [{"specimen": "urine", "date": "2026-03-14"}]), "pregnancy_tests[0].result", "required"),
    (part("pregnancy_tests", [{"specimen": "urine", "result": "unknown", "date": "2026-03-14"}]),
     "pregnancy_tests[0].result", "required"),
    # text
    (first("lesions", site=5), "lesions[0].site", "is not text"),
    (first("lesions", site="x" * 2001), "lesions[0].site", "text of 2001 characters is too long"),
    (first("lesions", site="a\x00b"), "lesions[0].site", "NUL"),
    (first("lesions", site="a\ud800b"), "lesions[0].site", "surrogate"),
    (first("lesions", site=ID_NUMBER), "lesions[0].site", "18-digit identity number"),
    (first("lesions", site=f"see {ID_NUMBER}."), "lesions[0].site", "18-digit identity number"),
    (first("lesions", site="110105 19491231 002x"), "lesions[0].site", "18-digit identity number"),
    (first("lesions", site=f"{ID_NUMBER}male"), "lesions[0].site", "18-digit identity number"),
    (first("lesions", site="1101 0519 4912 3100 2X"), "lesions[0].site", "18-digit identity number"),
    (first("lesions", site="１１０１０５１９４９１２３１００２Ｘ"), "lesions[0].site", "18-digit identity number"),
    (first("therapies", name=f"patient {ID_NUMBER}"), "therapies[0].name", "18-digit identity number"),
    (first("therapies", name="wife 138-0013-8000"), "therapies[0].name", "looks like a phone number: leave it out"),
    (first("therapies", name="0571-87654321"), "therapies[0].name", "looks like a phone number: leave it out"),
    (first("lesions", site="li@example.com"), "lesions[0].site", "looks like an e-mail address: leave it out"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "path", "message"), FAULTS, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_a_fault_is_named_by_its_path_and_nothing_else_is(protocol, change, path, message):
    faults = protocol.validate(changed(change))
    assert [fault.path for fault in faults] == [path]
    assert message in faults[0].message


def test_every_fault_of_a_document_is_named_in_one_answer(protocol):
    changes = [
        put(subject__sex="m", visit__planned_first_dose_date="2026-03-01", weather="fine"),
        first("labs", unit="mg/dL", value=-1),
        first("history", status="maybe"),
    ]
    paths = [fault.path for fault in protocol.validate(changed(*changes))]
    assert sorted(paths) == [
        "history[0].status",
        "labs[0].unit",
        "labs[0].value",
        "subject.sex",
        "visit.planned_first_dose_date",
        "weather",
    ]


@pytest.mark.parametrize("document", [None, [], "visit", 5, True, Decimal(1)])
def test_what_is_no_object_is_no_visit_document(protocol, document):
    (fault,) = protocol.validate(document)
    assert fault.path == ""
    assert "is not a visit document" in fault.message


def test_an_empty_document_lacks_the_date_of_the_visit_and_nothing_else(protocol):
    assert [fault.path for fault in protocol.validate({})] == ["visit.date"]


ALLOWED = [
    put(subject__birth_date="2026-03-09"),
    put(subject__birth_date="2026"),
    put(visit__planned_first_dose_date="2026-03-09"),
    put(vitals__weight_kg=0),
    put(vitals__weight_kg=Decimal("61.500")),
    put(performance__ecog=Decimal("1.0")),
    put(reviewed=None),
    put(reviewed=[]),
    put(labs=None, history="unknown"),
    first("therapies", end_date="2025", start_date="2025-03-03"),
    first("therapies", agents=[]),
    first("lesions", site="S7, 6 mm, 2026-03-01; ref. 4401"),
    first("lesions", site="110105194912310"),
    first("lesions", site="x" * 2000),
    first("history", status="unknown"),
    first("labs", comparator=None, uln="unknown"),
]


@pytest.mark.parametrize("change", ALLOWED)
def test_a_sound_document_is_accepted(protocol, change):
    assert protocol.validate(changed(change)) == ()


OPTIONAL = [
    ("subject", "sex"),
    ("visit", "planned_first_dose_date"),
    ("performance", "ecog"),
    ("therapies", 0, "end_date"),
    ("therapies", 0, "agents"),
    ("labs", 3, "uln"),
    ("concurrent_study",),
    ("investigator",),
    ("history",),
    ("labs",),
    ("therapies",),
    ("cns",),
    ("reviewed",),
]


@pytest.mark.parametrize("path", OPTIONAL, ids=str)
def test_absent_and_null_and_unknown_are_the_same(protocol, path):
    found = []
    for value in (None, "unknown", ...):
        document = changed()
        *parents, last = path
        inner = document
        for key in parents:
            inner = inner[key]
        if value is ...:
            del inner[last]
        else:
            inner[last] = value
        found.append(outcomes(protocol, document))
    assert found[0] == found[1] == found[2]


def test_a_key_given_twice_is_refused_and_neither_value_wins(protocol):
    document = incoming.read('{"visit": {"date": "2026-03-09"}, "subject": {"sex": "male", "sex": "female"}}')
    (fault,) = protocol.validate(document)
    assert fault.path == "subject.sex"
    assert "twice" in fault.message


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400", "1e-400", "-0.0001"])
def test_a_number_that_nobody_measured_is_refused(protocol, text):
    document = incoming.read(f'{{"visit": {{"date": "2026-03-09"}}, "vitals": {{"weight_kg": {text}}}}}')
    assert [fault.path for fault in protocol.validate(document)] == ["vitals.weight_kg"]


# Whatever comes from outside


numbers = st.one_of(
    st.integers(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.floats(),
    st.sampled_from([0, Decimal("-0"), Decimal("1E+60"), Decimal("1E-60"), 10**60 - 1]),
)
words = st.sampled_from(
    ["", "yes", "no", "unknown", "2026", "2026-03-14", "0001-01-01", "platinum", "\x00", "\ud800", "a" * 3000]
)
leaves = st.one_of(st.none(), st.booleans(), numbers, words, st.text(max_size=5))
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def places(tree):
    """Every place of a document that a value can be put: the container and the key or index."""
    found = []
    for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
        found.append((tree, key))
        if isinstance(inner, dict | list):
            found.extend(places(inner))
    return found


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.lists(anything, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_nothing_crashes_whatever_stands_anywhere_in_a_document(protocol, seed, values, rng):
    document = deepcopy(random_document(random.Random(seed)))
    for value in values:
        container, key = rng.choice(places(document))
        container[key] = value
    if not validate(protocol.vocabulary, document):
        sheet = protocol.assess(document)
        canonical.dump([verdict._asdict() for verdict in sheet.verdicts])


@given(anything)
def test_nothing_crashes_whatever_a_document_is(protocol, document):
    assert validate(protocol.vocabulary, document)


NUMBERS = [0, 1, 5, 140, Decimal("-0"), Decimal("1E+60"), Decimal("1E-60"), Decimal("0.5"), 10**59, None, "unknown"]
DATES = ["1850", "1850-01-01", "2024-02-29", "2026", "2026-03", "2026-03-09", "2026-03-16", "2199-12-31", None]


def strange(value, rng):
    """Another value of the same kind, at the edge of what can be true."""
    if isinstance(value, int | Decimal):
        return rng.choice(NUMBERS)
    if isinstance(value, str) and value[:2] in ("19", "20"):
        return rng.choice(DATES)
    if isinstance(value, list):
        return rng.choice([[], value + value, value[::-1], None])
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if rng.random() < 0.7}
    return rng.choice(["yes", "no", "unknown", None, "past", "current", "treated", "positive", "systemic", "<", ">"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_sound_document_is_assessed_however_strange_it_is(protocol, seed, count, rng):
    document = deepcopy(random_document(random.Random(seed)))
    for _ in range(count):
        container, key = rng.choice(places(document))
        before = container[key]
        container[key] = strange(before, rng)
        if validate(protocol.vocabulary, document):
            container[key] = before
    for verdict in protocol.assess(document).verdicts:
        assert bool(verdict.missing) == (verdict.outcome == "unknown"), verdict.code
