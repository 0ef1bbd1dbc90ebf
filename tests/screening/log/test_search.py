import pytest

from screening.log.search import only_subject, search_condition, searched_numbers
from screening.models import SubjectStatus
from screening.visits.reference import change_reference
from screening.visits.save import register_subject
from tests.support.factories import StandingFactory, SubjectFactory


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("S-15", ("S-0015", "")),
        ("s15", ("S-0015", "")),
        ("S-0015", ("S-0015", "")),
        (" s 15 ", ("S-0015", "")),
        ("Ｓ－１５", ("S-0015", "")),
        ("s–15", ("S-0015", "")),
        ("E-001", ("", "E-001")),
        ("e1", ("", "E-001")),
        ("15", ("S-0015", "E-015")),
        ("0015", ("S-0015", "E-015")),
        ("S-12345", ("S-12345", "")),
    ],
)
def test_number_is_understood_however_it_is_typed(text, numbers):
    found = searched_numbers(text)
    assert ("".join(found.screening), found.enrolment) == numbers


@pytest.mark.parametrize("text", ["", "S", "S-", "0", "S-0", "H-15", "S-15a", "1.5", "S-1234567890", "E-001 x"])
def test_other_text_is_no_number(text):
    assert searched_numbers(text) is None


@pytest.fixture
def people(trial, coordinator):
    """S-0001 to S-0016; the second is enrolled, two have references of the site."""
    for number in range(1, 17):
        subject = register_subject(trial, coordinator, {3: "ZX/15", 4: "s-9"}.get(number, ""))
        if number == 2:
            SubjectStatus.objects.filter(subject=subject).update(enrolment_number="E-001")


def found(text):
    return sorted(SubjectStatus.objects.filter(search_condition(text)).values_list("screening_number", flat=True))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("S-15", ["S-0015"]),
        ("s1", ["S-0001"]),
        ("E-001", ["S-0002"]),
        ("e", ["S-0002"]),
        ("15", ["S-0003", "S-0015"]),
        ("1", ["S-0001", "S-0002", "S-0003"]),
        ("zx", ["S-0003"]),
        ("ＺＸ／１５", ["S-0003"]),
        ("s9", ["S-0009"]),
        ("s-9", ["S-0004", "S-0009"]),
        ("S-001", ["S-0001"]),
        ("S-99", []),
        ("nobody", []),
        ("\0", []),
        ("%", []),
    ],
)
def test_subject_is_found_by_whatever_it_is_called(text, numbers):
    assert found(text) == numbers


def test_reference_finds_no_more_once_it_was_changed(trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-1")
    change_reference(subject, coordinator, "ZX-2", "misread")
    assert (found("ZX-1"), found("ZX-2")) == ([], ["S-0001"])
    change_reference(subject, coordinator, "", "of another person")
    assert found("ZX") == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("text", "number"),
    [("15", "S-0015"), ("s15", "S-0015"), ("e1", "S-0002"), ("1", None), ("zx", "S-0003"), ("x9", None)],
)
def test_one_subject_is_meant_by_its_number_even_where_a_reference_contains_it(text, number):
    row = only_subject(SubjectStatus.objects.filter(search_condition(text)), text)
    assert (row and row.screening_number) == number


def test_two_attempts_are_one_subject(trial):
    subject = SubjectFactory(trial=trial)
    rows = [StandingFactory(subject=subject, latest_of=None), StandingFactory(subject=subject)]
    assert only_subject(rows, "x") == rows[-1]
