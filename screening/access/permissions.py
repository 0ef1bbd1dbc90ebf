"""Who may do what, in one file: `VERBS` says which roles may do something, `ADDRESSES` which verb an address asks for.

Every request passes `screening.access.guard`, which refuses an address or a method that is not in the matrix. The verbs
that sign, approve, grant or take data out ask `may` again themselves, whoever calls them.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from screening.models import Grant, Role

ROLES = {role.value: role.label for role in Role}

# What one person may hold together. Whoever changes thresholds never signs (and so never enters what is signed), a
# monitor changes nothing, a superuser keeps accounts and nothing else.
TOGETHER = ({"coordinator", "investigator"},)

# Verbs that take no role.
ANYONE = "anyone"  # also who is not logged in
ACCOUNT = "account"  # whoever is logged in

READERS = {"coordinator", "investigator", "administrator", "monitor"}

VERBS = {
    "read": READERS,
    "enter": {"coordinator"},
    "assess": {"coordinator", "investigator"},
    "replay": READERS,
    "ranges": {"administrator"},
    "sign": {"investigator"},
    "review": {"investigator"},
    "answer": {"coordinator", "investigator"},
    "enrol": {"coordinator", "investigator"},
    "log": READERS,
    "export": READERS,
    "amend": {"administrator"},
    "approve": {"administrator", "investigator"},
    "simulate": {"administrator", "investigator"},
    "simulations": {"administrator", "investigator", "monitor"},
    "trail": {"investigator", "administrator", "monitor"},
    "rights": {"investigator", "administrator", "monitor", "superuser"},
    "accounts": {"superuser"},
    "confirm": {"investigator", "administrator", "superuser"},
}

READ = {"GET": "read"}


def form(verb: str) -> dict[str, str]:
    """A page with a form, and a button's address: a login in between leads there by GET, which changes nothing."""
    return {"GET": verb, "POST": verb}


ADDRESSES: dict[str, dict[str, str]] = {
    "account_login": form(ANYONE),
    "account_logout": form(ANYONE),
    "mfa_authenticate": form(ANYONE),
    "access-link": form(ANYONE),
    "account_reauthenticate": form(ACCOUNT),
    "account_change_password": form(ACCOUNT),
    "mfa_index": {"GET": ACCOUNT},
    "mfa_activate_totp": form(ACCOUNT),
    "mfa_deactivate_totp": form(ACCOUNT),
    "mfa_view_recovery_codes": {"GET": ACCOUNT},
    "mfa_generate_recovery_codes": form(ACCOUNT),
    "screening:session": form(ACCOUNT),
    "screening:accounts": {"GET": "accounts"},
    "screening:account-new": form("accounts"),
    "screening:account": {"GET": "confirm"},
    "screening:account-grant": form("accounts"),
    "screening:account-revoke": form("accounts"),
    "screening:account-rename": form("accounts"),
    "screening:account-activity": form("accounts"),
    "screening:account-access": form("accounts"),
    "screening:account-confirm": form("confirm"),
    "screening:rights": {"GET": "rights"},
    "screening:rights-export": {"GET": "rights"},
    "screening:trail": {"GET": "trail"},
    "screening:trail-export": {"GET": "trail"},
    "screening:trail-review": form("trail"),
    "screening:subjects": READ,
    "screening:log": {"GET": "log"},
    "screening:log-export": {"GET": "export"},
    "screening:deidentified-export": {"GET": "export"},
    "screening:review-queue": READ,
    "screening:open-visits": READ,
    "screening:reference-ranges": {"GET": "read", "POST": "ranges"},
    "screening:protocol": READ,
    "screening:version": READ,
    "screening:version-definition": READ,
    "screening:version-pdf": READ,
    "screening:compare": READ,
    "screening:parameter": READ,
    "screening:subject-new": form("enter"),
    "screening:subject": READ,
    "screening:visit-new": form("enter"),
    "screening:visit": READ,
    "screening:section": form("enter"),
    "screening:section-live": {"POST": "enter"},
    "screening:field-history": READ,
    "screening:visit-ask": form("review"),
    "screening:visit-assess": form("assess"),
    "screening:visit-reassess": form("assess"),
    "screening:visit-close": form("sign"),
    "screening:revisions": READ,
    "screening:revision": READ,
    "screening:assessment": READ,
    "screening:assessment-replay": form("replay"),
    "screening:review": READ,
    "screening:assessment-sign": form("sign"),
    "screening:assessment-close": form("sign"),
    "screening:assessment-send-back": form("review"),
    "screening:assessment-ask": form("review"),
    "screening:verdict-disagree": form("review"),
    "screening:question-answer": form("answer"),
    "screening:enrol": form("enrol"),
    "screening:amendment-new": form("amend"),
    "screening:amendment": READ,
    "screening:amendment-definition": READ,
    "screening:amendment-plan": form("amend"),
    "screening:amendment-file": form("amend"),
    "screening:amendment-parameter": form("amend"),
    "screening:amendment-criterion": form("amend"),
    "screening:amendment-boundaries": {"GET": "read", "POST": "amend"},
    "screening:amendment-propose": form("amend"),
    "screening:amendment-reject": form("approve"),
    "screening:amendment-withdraw": form("amend"),
    "screening:dry-run": form("amend"),
    "screening:amendment-approve": form("approve"),
    "screening:what-if": form("simulate"),
    "screening:simulation": {"GET": "simulations"},
    "screening:simulation-progress": {"GET": "simulations"},
    "screening:simulation-cancel": form("simulate"),
}


def may(user: User | AnonymousUser, verb: str) -> bool:
    """KeyError for a verb that the table does not have: a slip in the code must not pass for a refusal."""
    return bool(VERBS[verb] & held_by(user))


def allowed(user: User | AnonymousUser, *verbs: str) -> dict[str, bool]:
    """`may_<verb>` for each of them, as templates ask, in one query."""
    held = held_by(user)
    return {f"may_{verb}": bool(VERBS[verb] & held) for verb in verbs}


def roles_of(user: User) -> list[str]:
    """The roles that somebody holds now, in the order of `ROLES`."""
    held = held_by(user)
    return [name for name in ROLES if name in held]


def held_by(user: User | AnonymousUser) -> set[str]:
    """None where the account is deactivated, or where it holds together what nobody may: the records are then not what
    the verbs would have written."""
    if not user.is_active or not isinstance(user.pk, int):
        return set()
    held = set(holding(timezone.localdate()).filter(account=user.pk).values_list("role", flat=True))
    return held if are_compatible(held) else set()


def holding(day: date) -> QuerySet[Grant]:
    """The grants that hold on a day, as the records now stand."""
    lasts = Q(holds_until=None) | Q(holds_until__gte=day)
    return Grant.objects.filter(lasts, holds_from__lte=day, revocation=None)


def are_compatible(roles: set[str]) -> bool:
    return len(roles) < 2 or any(roles <= together for together in TOGETHER)
