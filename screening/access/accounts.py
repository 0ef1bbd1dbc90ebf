"""Account actions: create, rename, deactivate, give access again, confirm the identity.

No account is ever deleted, and no user name is given twice. Each action is one transaction that locks the
account and requires a reason. An account manager acts on the accounts of others only: nobody changes their
own.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault, text_fault
from screening.access import second_factor
from screening.access.permissions import may
from screening.access.sessions import end_sessions
from screening.models import AccountChange, AccountStep

LONGEST_NAME = 150


@transaction.atomic
def create_account(username: str, first_name: str, last_name: str, reason: str, author: User | None = None) -> User:
    """Create an account that nobody can log in with yet.

    Without an author, as on the server's command line, the account itself is recorded as the author.
    PermissionDenied for an author who may not manage accounts, Refused, `unconfirmed`, for an author whose
    identity is not confirmed; BadDocument for a faulty name, one that exists already, or a faulty reason.
    """
    if author is not None:
        require_account_manager(author)
    username = User.normalize_username(username)  # letters of another width would look the same
    username, first_name, last_name = username.strip(), first_name.strip(), last_name.strip()
    names = {"first_name": first_name, "last_name": last_name}
    refuse_faults([*username_faults(username), *name_faults(**names), *reason_faults(reason)])
    account = User(username=username, **names)
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:  # somebody else gave the same name at the same moment
        raise BadDocument([username_taken(username)]) from None
    record_account_change(account, AccountStep.CREATED, author or account, reason, printed_name(account))
    return account


@transaction.atomic
def rename_account(account: User, first_name: str, last_name: str, reason: str, author: User) -> None:
    """Change the printed name; earlier signatures keep the name of their time."""
    account = lock_account(account, author)
    refuse_faults([*name_faults(first_name, last_name), *reason_faults(reason)])
    before = printed_name(account)
    account.first_name, account.last_name = first_name.strip(), last_name.strip()
    account.save(update_fields=["first_name", "last_name"])
    record_account_change(account, AccountStep.RENAMED, author, reason, f"{before} → {printed_name(account)}")


@transaction.atomic
def set_account_active(account: User, active: bool, reason: str, author: User) -> None:
    """Activate or deactivate an account.

    A deactivated account is logged out at its next request and cannot log in; the records keep the name.
    Refused, `done`, where the account is in that state already.
    """
    account = lock_account(account, author)
    refuse_faults(reason_faults(reason))
    if account.is_active == active:
        raise Refused("done", _("This account is active.") if active else _("This account is deactivated already."))
    account.is_active = active
    account.save(update_fields=["is_active"])
    if not active:
        end_sessions(account)
    record_account_change(account, AccountStep.REACTIVATED if active else AccountStep.DEACTIVATED, author, reason)


@transaction.atomic
def give_access(account: User, reason: str, author: User | None = None) -> User:
    """Void the account's password, second factor and open sessions.

    Whoever gets the link sets them again (`screening.views.accounts.access_link`). Until a second person has
    confirmed who used the link, the account cannot sign: otherwise an account manager alone could sign as
    another person (21 CFR 11.200(a)(3)). Refused, `inactive`, where the account is deactivated.
    """
    account = (
        lock_account(account, author) if author else User.objects.select_for_update(no_key=True).get(pk=account.pk)
    )
    refuse_faults(reason_faults(reason))
    if not account.is_active:
        raise Refused("inactive", _("This account is deactivated: activate it first."))
    account.set_unusable_password()
    account.save(update_fields=["password"])
    second_factor.remove_second_factor(account.pk)
    record_account_change(account, AccountStep.ACCESS, author or account, reason)
    return account


@transaction.atomic
def confirm_identity(account: User, reason: str, author: User) -> None:
    """Record that the account's own person set the password, and did not hand it over.

    The author must be able to tell. PermissionDenied without the right to `confirm`. Refused: `unconfirmed`
    where the author's own identity is not confirmed, `done` where nothing is to be confirmed, `same_person`
    where the author gave the access or has the account, `early` where the link was not used yet.
    """
    if not may(author, "confirm"):
        raise PermissionDenied
    refuse_unconfirmed(author)
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    refuse_faults(reason_faults(reason))
    given = unconfirmed_access(account)
    if given is None:
        raise Refused("done", _("Nothing is to be confirmed of this account."))
    if author.pk in (given.created_by_id, account.pk):
        raise Refused("same_person", _("Another user must confirm it than who gave the access or has the account."))
    if not account.has_usable_password():
        raise Refused("early", _("The link was not used yet: there is nobody to confirm."))
    record_account_change(account, AccountStep.CONFIRMED, author, reason)


def unconfirmed_access(account: User) -> AccountChange | None:
    """Return the latest time access was given to the account; None where a confirmation followed it."""
    steps = (AccountStep.ACCESS, AccountStep.CONFIRMED)
    last = AccountChange.objects.filter(account=account, step__in=steps).order_by("-pk").first()
    return last if last and last.step == AccountStep.ACCESS else None


def refuse_unconfirmed(author: User) -> None:
    """Refuse, `unconfirmed`, an author whose account was given access by another person.

    Whoever gave that access may be using the account: with a second account of their own they would be two
    persons, who confirm each other and give each other rights. Access given on the server's command line is
    recorded as the account's own and needs no confirmation.
    """
    given = unconfirmed_access(author)
    if given and given.created_by_id != author.pk:
        message = _(
            "You got access to this account from another user: somebody else must confirm first that it is you."
        )
        raise Refused("unconfirmed", message)


def require_account_manager(author: User) -> None:
    if not may(author, "accounts"):
        raise PermissionDenied
    refuse_unconfirmed(author)


def lock_account(account: User, author: User) -> User:
    if account.pk == author.pk:
        raise PermissionDenied
    require_account_manager(author)
    return User.objects.select_for_update(no_key=True).get(pk=account.pk)


def record_account_change(account: User, step: AccountStep, author: User, reason: str = "", detail: str = "") -> None:
    AccountChange.objects.create(account=account, step=step, detail=detail, reason=reason.strip(), created_by=author)


def printed_name(account: User) -> str:
    return account.get_full_name() or account.get_username()


def refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise BadDocument(faults)


def reason_faults(reason: str) -> list[Fault]:
    message = required_text_fault(reason, _("say why"))
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
    """Return what is wrong with a new user name; empty where nothing is.

    A name that differs from an existing one only in case is refused: it would be mistaken for that one.
    """
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        return [Fault("username", str(message)) for message in error.messages]
    if len(username) > LONGEST_NAME:
        return [Fault("username", _("has more than %d characters") % LONGEST_NAME)]
    return [username_taken(username)] if User.objects.filter(username__iexact=username).exists() else []


def username_taken(username: str) -> Fault:
    message = _("“%s” is taken: a user name is given once, also when its account is deactivated")
    return Fault("username", message % username)
