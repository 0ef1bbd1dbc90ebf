"""Accounts: made, renamed, deactivated, given access anew, confirmed. None is ever deleted, and no name given twice.

Every verb is one transaction that locks the account, and asks for a reason. Whoever keeps accounts keeps those of
others: nobody changes an own one.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access import second_factor
from screening.access.permissions import may
from screening.access.sessions import end_sessions
from screening.models import AccountChange, AccountStep

LONGEST_NAME = 150


@transaction.atomic
def create_account(username: str, first_name: str, last_name: str, reason: str, author: User | None = None) -> User:
    """An account that nobody can log in with yet. Without an author, as on the server's command line, it is its own.

    PermissionDenied, or BadDocument for a faulty or taken name.
    """
    if author is not None:
        require_keeper(author)
    username = User.normalize_username(username)  # letters of another width would look the same
    username, first_name, last_name = username.strip(), first_name.strip(), last_name.strip()
    names = {"first_name": first_name, "last_name": last_name}
    refuse([*username_faults(username), *name_faults(**names), *reason_faults(reason)])
    account = User(username=username, **names)
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:  # somebody else gave the same name at the same moment
        raise BadDocument([taken(username)]) from None
    record(account, AccountStep.CREATED, author or account, reason, printed_name(account))
    return account


@transaction.atomic
def rename(account: User, first_name: str, last_name: str, reason: str, author: User) -> None:
    """The printed name; what was signed before keeps the one of its time."""
    account = locked(account, author)
    refuse([*name_faults(first_name, last_name), *reason_faults(reason)])
    before = printed_name(account)
    account.first_name, account.last_name = first_name.strip(), last_name.strip()
    account.save(update_fields=["first_name", "last_name"])
    record(account, AccountStep.RENAMED, author, reason, f"{before} → {printed_name(account)}")


@transaction.atomic
def set_active(account: User, active: bool, reason: str, author: User) -> None:
    """Deactivated, somebody is logged out at the next request and gets in nowhere; the records keep the name."""
    account = locked(account, author)
    refuse(reason_faults(reason))
    if account.is_active == active:
        raise Refused("done", _("This account is active.") if active else _("This account is deactivated already."))
    account.is_active = active
    account.save(update_fields=["is_active"])
    if not active:
        end_sessions(account)
    record(account, AccountStep.REACTIVATED if active else AccountStep.DEACTIVATED, author, reason)


@transaction.atomic
def give_access(account: User, reason: str, author: User | None = None) -> User:
    """Password, second factor and open sessions are void: whoever gets the link sets them anew (`access.links`).

    Until a second person has confirmed who that was, the account signs nothing: otherwise whoever keeps the accounts
    could sign as another, alone (21 CFR 11.200(a)(3)).
    """
    account = locked(account, author) if author else User.objects.select_for_update(no_key=True).get(pk=account.pk)
    refuse(reason_faults(reason))
    if not account.is_active:
        raise Refused("inactive", _("This account is deactivated: activate it first."))
    account.set_unusable_password()
    account.save(update_fields=["password"])
    second_factor.remove(account.pk)
    record(account, AccountStep.ACCESS, author or account, reason)
    return account


@transaction.atomic
def confirm_identity(account: User, reason: str, author: User) -> None:
    """By somebody who can tell that it was the account's own person who set the password, and did not hand it over."""
    if not may(author, "confirm"):
        raise PermissionDenied
    refuse_unconfirmed(author)
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    refuse(reason_faults(reason))
    given = unconfirmed_access(account)
    if given is None:
        raise Refused("done", _("Nothing is to be confirmed of this account."))
    if author.pk in (given.created_by_id, account.pk):
        raise Refused("same_person", _("Another person must confirm it than who gave the access or has the account."))
    if not account.has_usable_password():
        raise Refused("early", _("The link was not used yet: there is nobody to confirm."))
    record(account, AccountStep.CONFIRMED, author, reason)


def unconfirmed_access(account: User) -> AccountChange | None:
    """The last time somebody gave access to the account, where nobody has confirmed since who took it."""
    steps = (AccountStep.ACCESS, AccountStep.CONFIRMED)
    last = AccountChange.objects.filter(account=account, step__in=steps).order_by("-pk").first()
    return last if last and last.step == AccountStep.ACCESS else None


def refuse_unconfirmed(author: User) -> None:
    """Whoever gave access to an account may be at it: with a second one of their own they would be two persons, who
    confirm each other and give each other rights. Access given on the server's command line is nobody else's.
    """
    given = unconfirmed_access(author)
    if given and given.created_by_id != author.pk:
        message = _(
            "You got access to this account from another person: somebody else must confirm first that it is you."
        )
        raise Refused("unconfirmed", message)


def require_keeper(author: User) -> None:
    if not may(author, "accounts"):
        raise PermissionDenied
    refuse_unconfirmed(author)


def locked(account: User, author: User) -> User:
    if account.pk == author.pk:
        raise PermissionDenied
    require_keeper(author)
    return User.objects.select_for_update(no_key=True).get(pk=account.pk)


def record(account: User, step: AccountStep, author: User, reason: str = "", detail: str = "") -> None:
    AccountChange.objects.create(account=account, step=step, detail=detail, reason=reason.strip(), created_by=author)


def printed_name(account: User) -> str:
    return account.get_full_name() or account.get_username()


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise BadDocument(faults)


def reason_faults(reason: str) -> list[Fault]:
    message = text_fault(reason) if reason.strip() else _("say why")
    return [Fault("reason", message)] if message else []


def name_faults(first_name: str, last_name: str) -> list[Fault]:
    faults = []
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if not name.strip():
            faults.append(Fault(field, _("is missing: signatures are shown with the printed name")))
        elif message := text_fault(name):
            faults.append(Fault(field, message))
        elif len(name) > LONGEST_NAME:
            faults.append(Fault(field, _("has more than %d characters") % LONGEST_NAME))
    return faults


def username_faults(username: str) -> list[Fault]:
    """A name that differs only in upper and lower case from one that is there would be taken for it."""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        return [Fault("username", str(message)) for message in error.messages]
    if len(username) > LONGEST_NAME:
        return [Fault("username", _("has more than %d characters") % LONGEST_NAME)]
    return [taken(username)] if User.objects.filter(username__iexact=username).exists() else []


def taken(username: str) -> Fault:
    message = _("“%s” is taken: a user name is given once, also when its account is deactivated")
    return Fault("username", message % username)
