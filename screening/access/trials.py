"""Which trials a request may be about: that of what its address names, or one of those in which the user has the verb.

One query reads all of it: the rights, the trials, the trial of what the address names, and the trial chosen last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import IntegerField, Model, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.utils import timezone

from criteria.models import Amendment, ProtocolVersion, Trial
from screening.access.permissions import VERBS, HeldRoles, grants_on
from screening.models import (
    Assessment,
    ChosenTrial,
    Question,
    ReferenceRange,
    Role,
    Signature,
    Simulation,
    Subject,
    Verdict,
    Visit,
)

# What the first number in an address names, by the beginning of its route, and the way from there to its trial; an
# account is of no trial.
OBJECTS: Mapping[str, tuple[type[Model], str] | None] = {
    "accounts/<int:pk>/": None,
    "subjects/<int:pk>/": (Subject, "trial"),
    "visits/<int:pk>/": (Visit, "subject__trial"),
    "assessments/<int:pk>/": (Assessment, "revision__visit__subject__trial"),
    "verdicts/<int:pk>/": (Verdict, "assessment__revision__visit__subject__trial"),
    "questions/<int:pk>/": (Question, "visit__subject__trial"),
    "signatures/<int:pk>/": (Signature, "assessment__revision__visit__subject__trial"),
    "amendments/<int:pk>/": (Amendment, "trial"),
    "simulations/<int:pk>/": (Simulation, "base__trial"),
    "reference-ranges/<int:pk>/": (ReferenceRange, "trial"),
    "protocol/versions/<int:pk>/": (ProtocolVersion, "trial"),
}


class TrialNotChosen(Exception):
    """The page shows one trial, and the user, who has several, has chosen none yet."""


class RequestAccess:
    """What a user may do, and about which trial the request is.

    `codes` are those of all trials by their key, in the order of loading; `named` is the trial of what the address
    names, `chosen` the one chosen last, each by its key and None where there is none; `verb` is what the guard asked.
    """

    def __init__(self, roles: HeldRoles, codes: dict[int, str], named: int | None, chosen: int | None) -> None:
        self.roles, self.codes, self.named, self.verb = roles, codes, named, "read"
        self.chosen = chosen if chosen in self.trials_with("read") else None
        self.shown: int | None = None  # the one trial that the page has found to be about

    def has(self, verb: str) -> bool:
        """Return whether the user has a verb in the trial of what the address names; without one, in any."""
        return bool(VERBS[verb] & (self.roles.anywhere() if self.named is None else self.roles.in_trial(self.named)))

    def trials_with(self, verb: str) -> list[int]:
        return [trial for trial in self.codes if VERBS[verb] & self.roles.in_trial(trial)]

    def shown_rights(self) -> frozenset[int] | None:
        """Return the trials whose rights are reported; None for all, to who keeps accounts and to who has each."""
        return None if VERBS["accounts"] & self.roles.anywhere() else self.seen_trials()

    def seen_all(self, verb: str) -> bool:
        return len(self.trials_with(verb)) == len(self.codes)

    def roles_here(self) -> set[str]:
        """Return the roles in the trial that the page is about, else in the one chosen, else in any."""
        here = next((each for each in (self.named, self.shown, self.chosen) if each is not None), None)
        return self.roles.anywhere() if here is None else self.roles.in_trial(here)

    def seen_trials(self, code: str = "", *, every: bool = False) -> frozenset[int] | None:
        """Return the trials whose rows a list shows; None where these are all, so that nothing need be filtered.

        That is the trial with that code, else the chosen one unless `every` is asked for, else each in which the user
        has the verb that the guard asked for. The code of no trial of theirs shows nothing.
        """
        allowed = self.trials_with(self.verb)
        if code:
            return frozenset(trial for trial in allowed if self.codes[trial] == code)
        if self.chosen in allowed and len(allowed) > 1 and not every:
            return frozenset({self.chosen})
        return None if self.seen_all(self.verb) else frozenset(allowed)


def named_rows(route: str, keys: Mapping[str, Any]) -> tuple[QuerySet[Any], str] | None:
    """Return the row that an address names and the way from it to its trial; None where it names none of a trial.

    PermissionDenied for an address with a number of which nobody has said what it names: it must not stand open.
    """
    if "pk" not in keys:
        return None
    for begin, found in OBJECTS.items():
        if route.startswith(begin):
            return (found[0]._default_manager.filter(pk=keys["pk"]), found[1]) if found else None
    raise PermissionDenied


class AccessRow(NamedTuple):
    trial: int | None
    role: str
    code: str
    named: int | None
    chosen: int | None


def read_access(user: User, named: tuple[QuerySet[Any], str] | None = None) -> RequestAccess:
    """Read what a user may do, with the trial of what an address names, in one query."""
    nothing = Value(None, output_field=IntegerField())
    asked = Subquery(named[0].values(named[1])[:1]) if named else nothing
    chosen = Subquery(ChosenTrial.objects.filter(owner=user.pk).values("trial")[:1])
    grants = grants_on(timezone.localdate()).filter(account=user.pk).order_by()
    held = grants.annotate(no_code=Value(""), named=asked, chosen=chosen)
    trials = Trial.objects.order_by().annotate(no_role=Value(""), named=nothing, chosen=nothing)
    rows = held.values_list("trial", "role", "no_code", "named", "chosen").union(
        trials.values_list("pk", "no_role", "code", "named", "chosen"), all=True
    )
    found = [AccessRow(*row) for row in rows] if user.is_active else []
    rights = [row for row in found if row.role]
    codes = dict(sorted((row.trial, row.code) for row in found if row.code and row.trial is not None))
    first = rights[0] if rights else AccessRow(None, "", "", None, None)
    return RequestAccess(HeldRoles((row.trial, row.role) for row in rights), codes, first.named, first.chosen)


def may_in_each(user: User, verb: str, code: str = "", trials: Collection[int] | None = None) -> bool:
    """Return whether a user has a verb in each trial of these keys or that code; without either, in all there are."""
    access = read_access(user)
    asked = {trial for trial, its in access.codes.items() if code in ("", its)} if trials is None else set(trials)
    return access.has(verb) and asked <= set(access.trials_with(verb))


class TrialSwitcher(NamedTuple):
    """The codes of a user's trials, and of the one that the page shows; empty where it shows each of them."""

    codes: list[str]
    shown: str


def switcher_of(request: HttpRequest) -> TrialSwitcher | None:
    """Return what the header offers; None for a user of one trial, who has nothing to choose."""
    access = access_of(request)
    own = [trial for trial in access.codes if access.roles.in_trial(trial) - {Role.SUPERUSER}]
    if len(own) < 2:
        return None
    shown = next((each for each in (access.named, access.shown, access.chosen) if each in own), None)
    return TrialSwitcher([access.codes[trial] for trial in own], access.codes[shown] if shown else "")


@transaction.atomic
def choose_trial(user: User, code: str) -> None:
    """Remember a trial for a user by its code, an empty one for each of theirs; KeyError for none of theirs."""
    access = read_access(user)
    own = {access.codes[trial]: trial for trial in access.codes if access.roles.in_trial(trial)}
    if not code:
        ChosenTrial.objects.filter(owner=user).delete()
    else:
        ChosenTrial.objects.update_or_create(owner=user, defaults={"trial_id": own[code]})


def access_of(request: HttpRequest) -> RequestAccess:
    """Return what the guard read for the request; what it did not read is read now."""
    found: RequestAccess | None = getattr(request, "access", None)
    if found is None:
        if not isinstance(request.user, User):
            raise PermissionDenied
        found = request.access = read_access(request.user)  # type: ignore[attr-defined]
    return found
