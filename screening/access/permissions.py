"""Permission matrix: `VERBS` maps verbs to the roles that have them, `ADDRESSES` addresses to required verbs.

Every request passes `screening.access.guard`, which refuses an address or a method that is not in the
matrix. The actions that sign, approve, grant or export data call `may` again themselves, whoever calls
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from criteria.models import Trial
from screening.models import Grant, Role

ROLES = {role.value: role.label for role in Role}

# What one person may hold together. Whoever changes thresholds never signs (and so never enters what is signed), a
# monitor changes nothing, a superuser keeps accounts and nothing else.
# A sub-investigator signs where the investigator's delegation says so: that is a role of its own.
INVESTIGATORS = {"investigator", "sub_investigator", "delegated_signer"}
COMPATIBLE_ROLES = tuple({"coordinator", each} for each in sorted(INVESTIGATORS))
SIGNERS = {"investigator", "delegated_signer"}

# Verbs that take no role.
ANYONE = "anyone"  # also who is not logged in
ACCOUNT = "account"  # whoever is logged in

READERS = {"coordinator", "administrator", "monitor"} | INVESTIGATORS

VERBS = {
    "read": READERS,
    "enter": {"coordinator"},
    "assess": {"coordinator"} | INVESTIGATORS,
    "replay": READERS,
    "ranges": {"administrator"},
    "confirm_range": {"administrator", "investigator"},
    "consent_forms": {"administrator"},
    "sign": SIGNERS,
    "review": INVESTIGATORS,
    "answer": {"coordinator"} | INVESTIGATORS,
    "enrol": {"coordinator"} | INVESTIGATORS,
    "log": READERS,
    "export": READERS,
    "amend": {"administrator"},
    "approve": {"administrator", "investigator"},
    "simulate": {"administrator", "investigator"},
    "simulations": {"administrator", "monitor"} | INVESTIGATORS,
    "trail": {"investigator", "administrator", "monitor"},
    "rights": {"investigator", "administrator", "monitor", "superuser"},
    "accounts": {"superuser"},
    "confirm": {"investigator", "administrator", "superuser"},
}

READ_METHODS = {"GET": "read"}


def form_methods(verb: str) -> dict[str, str]:
    """Return the methods of a page with a form, or of a button's address.

    A login in between leads there by GET, which changes nothing.
    """
    return {"GET": verb, "POST": verb}


ADDRESSES: dict[str, dict[str, str]] = {
    "account_login": form_methods(ANYONE),
    "account_logout": form_methods(ANYONE),
    "mfa_authenticate": form_methods(ANYONE),
    "access-link": form_methods(ANYONE),
    "account_reauthenticate": form_methods(ACCOUNT),
    "account_change_password": form_methods(ACCOUNT),
    "mfa_index": {"GET": ACCOUNT},
    "mfa_activate_totp": form_methods(ACCOUNT),
    "mfa_deactivate_totp": form_methods(ACCOUNT),
    "mfa_view_recovery_codes": {"GET": ACCOUNT},
    "mfa_generate_recovery_codes": form_methods(ACCOUNT),
    "screening:session": form_methods(ACCOUNT),
    "screening:trial": form_methods(ACCOUNT),  # each chooses among the own
    "screening:design-system": {"GET": ACCOUNT},
    "screening:accounts": {"GET": "accounts"},
    "screening:account-new": form_methods("accounts"),
    "screening:account": {"GET": "confirm"},
    "screening:account-grant": form_methods("accounts"),
    "screening:account-revoke": form_methods("accounts"),
    "screening:account-rename": form_methods("accounts"),
    "screening:account-activity": form_methods("accounts"),
    "screening:account-access": form_methods("accounts"),
    "screening:account-confirm": form_methods("confirm"),
    "screening:rights": {"GET": "rights"},
    "screening:rights-export": {"GET": "rights"},
    "screening:trail": {"GET": "trail"},
    "screening:trail-export": {"GET": "trail"},
    "screening:trail-review": form_methods("trail"),
    "screening:subjects": form_methods("read"),  # everybody keeps filters of their own
    "screening:log": form_methods("log"),
    "screening:log-export": {"GET": "export"},
    "screening:deidentified-export": {"GET": "export"},
    "screening:review-queue": READ_METHODS,
    "screening:open-visits": READ_METHODS,
    "screening:former-failures": READ_METHODS,
    "screening:consent-forms": {"GET": "read", "POST": "consent_forms"},
    "screening:reference-ranges": {"GET": "read", "POST": "ranges"},
    "screening:reference-range": READ_METHODS,
    "screening:reference-range-confirm": form_methods("confirm_range"),
    "screening:reference-range-end": form_methods("ranges"),
    "screening:reference-range-wrong": form_methods("ranges"),
    "screening:protocol": READ_METHODS,
    "screening:definition-preview": form_methods("amend"),
    "screening:version": READ_METHODS,
    "screening:version-definition": READ_METHODS,
    "screening:version-standard": READ_METHODS,
    "screening:version-pdf": READ_METHODS,
    "screening:compare": READ_METHODS,
    "screening:parameter": READ_METHODS,
    "screening:subject-new": form_methods("enter"),
    "screening:subject": READ_METHODS,
    "screening:subject-reference": form_methods("enter"),
    "screening:subject-in-error": form_methods("enter"),
    "screening:visit-new": form_methods("enter"),
    "screening:visit": READ_METHODS,
    "screening:section": form_methods("enter"),
    "screening:section-live": {"POST": "enter"},
    "screening:field-history": READ_METHODS,
    "screening:visit-in-error": form_methods("enter"),
    "screening:visit-ask": form_methods("review"),
    "screening:visit-answer-check": form_methods("enter"),
    "screening:visit-assess": form_methods("assess"),
    "screening:visit-reassess": form_methods("assess"),
    "screening:failure-dismiss": form_methods("assess"),
    "screening:visit-close": form_methods("sign"),
    "screening:visit-reopen": form_methods("sign"),
    "screening:revisions": READ_METHODS,
    "screening:revision": READ_METHODS,
    "screening:assessment": READ_METHODS,
    "screening:assessment-replay": form_methods("replay"),
    "screening:review": READ_METHODS,
    "screening:assessment-sign": form_methods("sign"),
    "screening:assessment-close": form_methods("sign"),
    "screening:assessment-send-back": form_methods("review"),
    "screening:assessment-attest": form_methods("review"),
    "screening:assessment-ask": form_methods("review"),
    "screening:verdict-disagree": form_methods("review"),
    "screening:question-answer": form_methods("answer"),
    "screening:enrol": form_methods("enrol"),
    "screening:signature-withdraw": form_methods("sign"),
    "screening:amendment-new": form_methods("amend"),
    "screening:amendment": READ_METHODS,
    "screening:amendment-definition": READ_METHODS,
    "screening:amendment-plan": form_methods("amend"),
    "screening:amendment-file": form_methods("amend"),
    "screening:amendment-parameter": form_methods("amend"),
    "screening:amendment-criterion": form_methods("amend"),
    "screening:amendment-boundaries": {"GET": "read", "POST": "amend"},
    "screening:amendment-propose": form_methods("amend"),
    "screening:amendment-reject": form_methods("approve"),
    "screening:amendment-withdraw": form_methods("amend"),
    "screening:dry-run": form_methods("amend"),
    "screening:amendment-approve": form_methods("approve"),
    "screening:what-if": form_methods("simulate"),
    "screening:simulation": {"GET": "simulations"},
    "screening:simulation-progress": {"GET": "simulations"},
    "screening:simulation-cancel": form_methods("simulate"),
}


class HeldRoles:
    """The roles of a user, by trial; a right without a trial, as rights were before, holds in each.

    Roles that nobody may combine give nothing: in a trial, where they are of that trial; anywhere, where one of them
    is that of a superuser. The records are then not what the account actions would have written.
    """

    def __init__(self, held: Iterable[tuple[int | None, str]]) -> None:
        self.by_trial: dict[int | None, set[str]] = {}
        for trial, role in held:
            self.by_trial.setdefault(trial, set()).add(role)
        every: set[str] = set().union(*self.by_trial.values())
        if Role.SUPERUSER in every and not are_compatible(every):
            self.by_trial = {}

    def in_trial(self, trial: int | None) -> set[str]:
        """Return the roles in a trial, by its key; None: those that hold in each."""
        held = self.by_trial.get(None, set()) | self.by_trial.get(trial, set())
        return held if are_compatible(held) else set()

    def anywhere(self) -> set[str]:
        return set().union(*(self.in_trial(trial) for trial in self.by_trial))


def may(user: User | AnonymousUser, verb: str, trial: Trial | int | None = None) -> bool:
    """Return whether the user has a verb in a trial; without one, in any.

    KeyError for a verb that the table does not have: a mistake in the code must not look like a refusal.
    """
    return bool(VERBS[verb] & current_roles(user, trial))


def rights_by_verb(held: set[str]) -> dict[str, bool]:
    """Return for every verb whether one of these roles has it."""
    return {verb: bool(roles & held) for verb, roles in VERBS.items()}


def page_rights(request: HttpRequest, *verbs: str) -> dict[str, Any]:
    """Return `rights`, as every page has them, and `may_<verb>` for each of the verbs.

    Of the roles by which the guard let the request pass, which are not asked for again: those in the trial that the
    page is about, where it is about one.
    """
    access = getattr(request, "access", None)
    rights = rights_by_verb(current_roles(request.user) if access is None else access.roles_here())
    return {"rights": rights, **{f"may_{verb}": rights[verb] for verb in verbs}}


def ordered_roles(user: User, trial: Trial | int | None = None) -> list[str]:
    """Return the roles that a user has now, in a trial or in any, in the order of `ROLES`."""
    held = current_roles(user, trial)
    return [name for name in ROLES if name in held]


def signing_role(held: set[str]) -> str:
    """Return as what somebody with these roles signs, in words."""
    return str(ROLES["delegated_signer" if held & SIGNERS == {"delegated_signer"} else "investigator"])


def current_roles(user: User | AnonymousUser, trial: Trial | int | None = None) -> set[str]:
    """Return the roles that a user has now in a trial; without one, in any.

    Empty where the account is deactivated, or where it has roles that nobody may combine.
    """
    if not user.is_active or not isinstance(user.pk, int):
        return set()
    held = HeldRoles(grants_on(timezone.localdate()).filter(account=user.pk).values_list("trial", "role"))
    return held.anywhere() if trial is None else held.in_trial(trial.pk if isinstance(trial, Trial) else trial)


def grants_on(day: date) -> QuerySet[Grant]:
    """Return the grants that hold on a day, according to the current records."""
    lasts = Q(holds_until=None) | Q(holds_until__gte=day)
    return Grant.objects.filter(lasts, holds_from__lte=day, revocation=None)


def are_compatible(roles: set[str]) -> bool:
    return len(roles) < 2 or any(roles <= together for together in COMPATIBLE_ROLES)
