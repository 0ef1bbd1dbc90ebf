"""Who may do what: one table. Roles are groups; a superuser who is in none of them has no clinical verb at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

ROLES = {
    "coordinator": _("study coordinator"),
    "investigator": _("principal investigator"),
    "administrator": _("administrator"),
}

VERBS = {
    "read": {"coordinator", "investigator", "administrator"},
    "enter": {"coordinator"},
    "assess": {"coordinator", "investigator"},
    "replay": {"coordinator", "investigator", "administrator"},
    "ranges": {"administrator"},
    "sign": {"investigator"},
    "review": {"investigator"},
    "answer": {"coordinator", "investigator"},
    "enrol": {"coordinator", "investigator"},
    "log": {"coordinator", "investigator", "administrator"},
    "export": {"coordinator", "investigator", "administrator"},
    "amend": {"administrator"},
    "approve": {"administrator", "investigator"},
    "simulate": {"administrator", "investigator"},
}

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """What a guarded view gets: somebody is logged in."""

    user: User


def may(user: User | AnonymousUser, verb: str) -> bool:
    """KeyError for a verb that the table does not have: a slip in the code must not pass for a refusal."""
    allowed = VERBS[verb]
    return user.is_active and user.groups.filter(name__in=allowed).exists()


def allowed(user: User | AnonymousUser, *verbs: str) -> dict[str, bool]:
    """`may_<verb>` for each of them, as templates ask, in one query."""
    names = set(user.groups.values_list("name", flat=True)) if user.is_active else set()
    return {f"may_{verb}": bool(VERBS[verb] & names) for verb in verbs}


def roles_of(user: User) -> list[str]:
    held = set(user.groups.values_list("name", flat=True))
    return [name for name in ROLES if name in held]


def requires(verb: str) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, verb):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def create_groups(using: str) -> None:
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # only some applications have been migrated so far
    for name in ROLES:
        Group.objects.using(using).get_or_create(name=name)
