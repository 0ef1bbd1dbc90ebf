import pytest
from django.db import DatabaseError, transaction

from criteria.models import Trial
from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.models import Subject, SubjectReference
from screening.review.entered_in_error import mark_subject
from screening.visits.reference import change_reference, plain_text, reference_of, subjects_with_reference
from screening.visits.save import register_subject


def faults(refused):
    return {fault.path: fault.message for fault in refused.value.faults}


def test_reference_is_kept_as_plain_text(trial, coordinator):
    subject = register_subject(trial, coordinator, "  ＺＸ－ 12  ", "not asked for")
    given = reference_of(subject)
    assert (given.reference, given.reason, given.created_by) == ("ZX- 12", "", coordinator)


def test_subject_without_a_reference_has_no_record_of_one(trial, coordinator):
    assert reference_of(register_subject(trial, coordinator, "  ")) is None
    assert not SubjectReference.objects.exists()


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("x" * 41, "at most 40 characters"),
        ("11010519491231002X", "identity number"),
        ("13912345678", "phone number"),
        ("li.na@example.org", "e-mail address"),
        ("a\0b", "NUL"),
    ],
)
def test_nobody_is_registered_under_what_is_an_identity_or_too_long(trial, coordinator, reference, message):
    with pytest.raises(BadDocument) as refused:
        register_subject(trial, coordinator, reference)
    assert message in faults(refused)["reference"]
    assert not Subject.objects.exists()


def test_reference_of_another_subject_needs_a_reason(trial, coordinator):
    first = register_subject(trial, coordinator, "ZX-12")
    assert register_subject(Trial.objects.create(code="B-2", title="Another"), coordinator, "ZX-12")
    with pytest.raises(BadDocument) as refused:
        register_subject(trial, coordinator, "zx-12", " ")
    assert faults(refused) == {"reason": "S-0001 has this reference: open it, or go on with a reason."}
    second = register_subject(trial, coordinator, "zx-12", "one list for two wards")
    assert reference_of(second).reason == "one list for two wards"
    assert subjects_with_reference(trial, "ZX-12") == [first, second]
    assert subjects_with_reference(trial, "ZX-12", but=first) == [second]


def test_reason_is_no_place_for_an_identity_either(trial, coordinator):
    register_subject(trial, coordinator, "ZX-12")
    with pytest.raises(BadDocument) as refused:
        register_subject(trial, coordinator, "ZX-12", "call 13912345678")
    assert "phone number" in faults(refused)["reason"]


def test_number_entered_in_error_gives_its_reference_up(trial, coordinator):
    mark_subject(register_subject(trial, coordinator, "ZX-12"), coordinator, "registered twice")
    assert register_subject(trial, coordinator, "ZX-12").screening_number == "S-0002"


def test_changed_reference_needs_a_reason_and_keeps_the_former(trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-12")
    with pytest.raises(BadDocument) as refused:
        change_reference(subject, coordinator, "ZX-13")
    assert faults(refused) == {"reason": "say why the reference is changed"}
    change_reference(subject, coordinator, "ZX-13", "misread")
    assert [row.reference for row in subject.references.order_by("pk")] == ["ZX-12", "ZX-13"]
    assert register_subject(trial, coordinator, "ZX-12")  # which nobody has any more


def test_first_reference_of_a_subject_needs_no_reason(trial, coordinator):
    subject = register_subject(trial, coordinator)
    change_reference(subject, coordinator, "ZX-12")
    assert reference_of(subject).reference == "ZX-12"


def test_same_reference_again_is_no_record(trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-12")
    assert change_reference(subject, coordinator, " ZX-12 ") is None
    assert change_reference(register_subject(trial, coordinator), coordinator, "") is None
    assert SubjectReference.objects.count() == 1


def test_empty_reference_takes_the_former_away(trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-12")
    change_reference(subject, coordinator, "", "of another person")
    assert reference_of(subject) is None
    assert subjects_with_reference(trial, "ZX-12") == []


def test_number_entered_in_error_gets_no_reference(trial, coordinator):
    subject = register_subject(trial, coordinator)
    mark_subject(subject, coordinator, "registered twice")
    with pytest.raises(Refused, match="entered in error"):
        change_reference(subject, coordinator, "ZX-12")


def test_reference_cannot_be_rewritten(trial, coordinator):
    register_subject(trial, coordinator, "ZX-12")
    for attempt in (lambda rows: rows.update(reference="ZX-13"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt(SubjectReference.objects.all())
    assert SubjectReference.objects.get().reference == "ZX-12"


@pytest.mark.parametrize("text", ["", "\0", "  "])
def test_nobody_has_a_reference_that_is_none(trial, text):
    assert subjects_with_reference(trial, text) == []


def test_plain_text_has_one_space_and_no_full_width_character():
    assert plain_text(" Ａ１\u3000 ／ b ") == "A1 / b"
