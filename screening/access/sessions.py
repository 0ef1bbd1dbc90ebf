"""Sessions of an account, ended from outside: a cookie that was kept must not come alive again with the account."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(account: User) -> None:
    """Whose a session is stands inside it, so all that last are read: a site has few."""
    own = str(account.pk)
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == own:
            session.delete()
