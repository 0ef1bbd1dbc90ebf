"""Inputs that no form has, to be sent along with every form: nothing takes them."""

from django.apps import apps
from django.contrib.auth.models import User

from screening.access.permissions import ACCOUNT, ADDRESSES, ANYONE
from screening.models import Enrolment, Reopening, Signature, SignatureWithdrawal

FORGED = {
    "verdict": "pass",
    "outcome": "pass",
    "overall": "eligible",
    "decision": "eligible",
    "signed_by": "{monitor}",
    "created_by": "{monitor}",
    "created_by_id": "{monitor}",
    "author_id": "{monitor}",
    "user": "{monitor}",
    "account": "{monitor}",
    "account_id": "{monitor}",
    "created_at": "2020-01-01T00:00:00Z",
    "id": "1",
    "pk": "1",
    "role": "superuser",
    "roles": "superuser",
    "seal": "0" * 64,
    "fingerprint": "0" * 64,
    "is_superuser": "on",
    "is_staff": "on",
    "is_active": "on",
    "groups": "1",
    "screening_number": "S-9999",
    "enrolled_on": "2020-01-01",
    "zone": "Asia/Shanghai",
    "printed_name": "Somebody Else",
    "meaning": "I was there.",
    "definition": "{{}}",
    "document": "{{}}",
    "version": "1",
    "next_step": "enrol",
}
FRAMEWORK = {"account_reauthenticate", "account_change_password", "mfa_activate_totp", "mfa_deactivate_totp"}
FRAMEWORK |= {"mfa_generate_recovery_codes"}  # tried in test_second_factor and test_lockout


def forged_fields(application):
    return {name: value.format(monitor=application.people["monitor"].pk) for name, value in FORGED.items()}


def refuse_gaps(gone_through):
    """A new address must be gone through too."""
    forms = {name for name, row in ADDRESSES.items() if row.get("POST", ANYONE) != ANYONE}
    assert gone_through.posted | FRAMEWORK == forms
    assert all(ADDRESSES[name]["POST"] == ACCOUNT for name in FRAMEWORK)


def refuse_forged(gone_through):
    monitor = gone_through.people["monitor"]
    own = {"AccessEvent", "TrailReview", "Grant"}
    for model in [*apps.get_app_config("criteria").get_models(), *apps.get_app_config("screening").get_models()]:
        fields = {each.name for each in model._meta.get_fields()}
        rows = model._default_manager
        if "created_by" in fields and model.__name__ not in own:
            assert not rows.filter(created_by=monitor).exists(), model
        if "created_at" in fields:
            assert not rows.filter(created_at__year=2020).exists(), model
        if "seal" in fields:
            assert not rows.filter(seal="0" * 64).exists(), model
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(is_staff=True).exists()
    assert set(User.objects.get(username="wang.wu").grants.values_list("role", flat=True)) == {"monitor"}
    for signed in (*Signature.objects.all(), SignatureWithdrawal.objects.get(), Reopening.objects.get()):
        assert (signed.printed_name, signed.role, signed.zone) == ("Na Li", "principal investigator", "UTC")
    assert Enrolment.objects.get().number == "E-001"
