import pytest
from django.db import connection

from criteria.models import ProtocolVersion
from screening.audit import append_only
from screening.models import Assessment, Closure, Revision, Signature, Subject
from screening.review.decide import close_case
from screening.signatures.seals import seal_fits, seal_with_key, verify_signature
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def signature(trial, coordinator, signer, cases) -> Signature:
    signed = sign(assessed(trial, coordinator, cases["base-man"]["document"]), signer, PASSWORD, "eligible")
    append_only.remove(connection)  # somebody with the database in their hands
    return signed


@pytest.fixture
def closure(trial, coordinator, signer) -> Closure:
    assessment = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    closed = close_case(assessment.revision, signer, PASSWORD, "other", "Moves away.")
    append_only.remove(connection)
    return closed


def stored(signed):
    """As a page would read it."""
    return type(signed).objects.get(pk=signed.pk)


def test_signature_fits_when_read_again(signature, closure):
    assert verify_signature(stored(signature))
    assert verify_signature(stored(closure))


@pytest.mark.parametrize(
    "changed",
    [
        {"printed_name": "Somebody Else"},
        {"role": "administrator"},
        {"meaning": "I was there."},
        {"zone": "Europe/Berlin"},
        {"decision": "failure"},
        {"primary_criterion": "I03"},
        {"created_at": "2026-03-01T08:00:00Z"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_signature_fails_when_anything_of_it_is_changed(signature, changed):
    Signature.objects.update(**changed)
    assert not verify_signature(stored(signature))


def test_signature_fails_when_given_to_another_signer(signature):
    Signature.objects.update(created_by=UserFactory(role="investigator"))
    assert not verify_signature(stored(signature))


def test_signature_fails_when_moved_to_another_person_with_the_same_findings(signature, trial, coordinator, cases):
    twin = assessed(trial, coordinator, cases["base-man"]["document"])
    assert twin.sheet_sha256 == signature.assessment.sheet_sha256
    Signature.objects.update(assessment=twin)
    assert not verify_signature(stored(signature))


def test_signature_fails_when_its_assessment_is_given_to_another_person(signature, trial, coordinator, cases):
    twin = assessed(trial, coordinator, cases["base-man"]["document"])
    Assessment.objects.filter(pk=signature.assessment_id).update(revision=twin.revision)
    assert not verify_signature(stored(signature))


def test_signature_fails_when_a_verdict_was_changed(signature):
    signature.assessment.verdicts.filter(code="I03").update(proof="ECOG 0")
    assert not verify_signature(stored(signature))


def test_signature_fails_when_the_document_was_changed(signature):
    Revision.objects.update(document={"visit": {"date": "2026-03-09"}})
    assert not verify_signature(stored(signature))


def test_signature_fails_when_the_protocol_was_exchanged(signature):
    ProtocolVersion.objects.update(definition_sha256="0" * 64)
    assert not verify_signature(stored(signature))


@pytest.mark.parametrize("changed", [{"reason": "declined"}, {"comment": ""}, {"meaning": "Nothing."}])
def test_closed_case_fails_when_anything_of_it_is_changed(closure, changed):
    Closure.objects.update(**changed)
    assert not verify_signature(stored(closure))


def test_closed_case_fails_when_moved_to_another_person_of_whom_the_same_is_known(closure, trial, coordinator):
    twin = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    Closure.objects.update(revision=twin.revision)
    assert not verify_signature(stored(closure))


def test_closed_case_fails_when_the_person_gets_another_number(closure):
    Subject.objects.update(screening_number="S-0009")
    assert not verify_signature(stored(closure))


def test_seal_fits_no_other_key(signature, closure, settings):
    settings.SEAL_KEY = "another key"
    assert not verify_signature(stored(signature))
    assert not verify_signature(stored(closure))


def test_seal_of_an_earlier_key_fits_when_that_is_among_the_fallbacks(signature, settings):
    settings.SEAL_KEY_FALLBACKS = ["yet another", settings.SEAL_KEY]
    settings.SEAL_KEY = "the next key"
    assert verify_signature(stored(signature))
    assert seal_fits(stored(signature))


@pytest.mark.parametrize("seal", ["", "0" * 64, "é" * 64])
def test_made_up_seal_fits_nothing(signature, seal):
    Signature.objects.update(seal=seal)
    assert not verify_signature(stored(signature))


def test_seal_cannot_be_made_without_the_key(signature, settings):
    """Whoever can write into the database, and reads this code, still needs the key."""
    made = seal_with_key("", signature)
    assert made != signature.seal
    Signature.objects.update(seal=made)
    assert not verify_signature(stored(signature))


def test_seal_hangs_on_no_key_that_is_exchanged_for_other_reasons(signature, settings):
    settings.SECRET_KEY = "another key"
    assert verify_signature(stored(signature))
