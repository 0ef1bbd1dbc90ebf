"""The password at the moment of signing, asked by the verbs that sign."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.views.debug import ExceptionReporter

from screening.access.accounts import confirm_identity, give_access, rename_account, set_account_active
from screening.models import SigningFailure
from screening.review.decide import close_case
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.seals import verify_signature
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, refusal, sign

pytestmark = pytest.mark.usefixtures("in_time")


def test_signing_is_locked_after_five_wrong_passwords(eligible, failed, signer):
    for _ in range(5):
        assert refusal(sign, eligible, signer, "wrong", "eligible") == "password"
    assert refusal(sign, failed, signer, PASSWORD, "failure", "none") == "locked"  # whatever the visit
    assert refusal(close_case, failed.revision, signer, PASSWORD, "declined") == "locked"
    causes = SigningFailure.objects.order_by("pk").values_list("cause", flat=True)
    assert list(causes) == ["password"] * 5 + ["locked"]


def test_attempts_while_locked_are_recorded_once_a_minute(eligible, signer, monkeypatch):
    for _ in range(8):
        refusal(sign, eligible, signer, "wrong", "eligible")
    later = timezone.now() + timedelta(minutes=1, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "locked"
    assert SigningFailure.objects.filter(cause="locked").count() == 2


def test_lock_ends_when_the_attempts_are_long_past(eligible, signer, monkeypatch):
    for _ in range(5):
        refusal(sign, eligible, signer, "wrong", "eligible")
    refusal(sign, eligible, signer, PASSWORD, "eligible")
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert sign(eligible, signer, PASSWORD, "eligible")


def test_one_account_does_not_lock_another(eligible, signer):
    other = UserFactory(role="investigator")
    for _ in range(6):
        refusal(sign, eligible, other, "wrong", "eligible")
    assert sign(eligible, signer, PASSWORD, "eligible")


def test_rights_are_those_that_the_account_has_by_now(eligible, signer):
    held = User.objects.get(pk=signer.pk)  # as a page read it before
    User.objects.filter(pk=signer.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        reauthenticate(held, eligible.revision.visit, PASSWORD)
    assert not SigningFailure.objects.exists()


def test_password_that_was_changed_meanwhile_no_longer_signs(eligible, signer, monkeypatch):
    check = User.check_password

    def changed_after(account, password):
        fits = check(account, password)
        other = User.objects.get(pk=account.pk)
        other.set_password("another battery horse")
        other.save()
        return fits

    monkeypatch.setattr(User, "check_password", changed_after)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "password"


def test_slow_check_of_the_password_holds_nobody_up(eligible, signer, monkeypatch):
    """It takes a quarter of a second; within the transaction every other writer would wait for it on SQLite."""
    depths, check = [], User.check_password

    def watched(account, password):
        depths.append(len(connection.savepoint_ids))
        return check(account, password)

    monkeypatch.setattr(User, "check_password", watched)
    outside = len(connection.savepoint_ids)
    sign(eligible, signer, PASSWORD, "eligible")
    assert depths == [outside]


def test_password_is_kept_out_of_reports_of_errors(rf, eligible, signer, monkeypatch):
    def broken(*args):
        raise RuntimeError("no database")

    monkeypatch.setattr("screening.signatures.reauthenticate.cause_of_failure", broken)
    monkeypatch.setattr("screening.signatures.reauthenticate.may", broken)
    for verb, about, what in ((sign, eligible, "eligible"), (close_case, eligible.revision, "declined")):
        with pytest.raises(RuntimeError) as error:
            verb(about, signer, PASSWORD, what)
        report = ExceptionReporter(rf.post("/"), error.type, error.value, error.tb)
        frames = {frame["function"]: dict(frame["vars"]) for frame in report.get_traceback_frames()}
        for function in (verb.__name__, "reauthenticate"):
            assert PASSWORD not in str(frames[function]["password"])


def test_nobody_signs_with_access_that_nobody_confirmed(eligible, signer, superuser, administrator):
    """Whoever keeps the accounts could otherwise sign as another, alone (21 CFR 11.200(a)(3))."""
    give_access(signer, "telephone lost", superuser)
    signer.refresh_from_db()
    signer.set_password(PASSWORD)
    signer.save()
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "unconfirmed"
    assert refusal(close_case, eligible.revision, signer, PASSWORD, "declined") == "unconfirmed"
    confirm_identity(signer, "sat beside", administrator)
    assert sign(eligible, signer, PASSWORD, "eligible")


def test_signature_keeps_the_name_of_somebody_who_left(eligible, signer, superuser):
    signature, name = sign(eligible, signer, PASSWORD, "eligible"), signer.get_full_name()
    rename_account(signer, "Na", "Wang", "married", superuser)
    set_account_active(signer, False, "left", superuser)
    signature.refresh_from_db()
    assert signature.printed_name == name
    assert signature.created_by.username == signer.username
    assert verify_signature(signature)
