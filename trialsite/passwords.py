from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trialsite.demonstration_accounts import DEMONSTRATION_PASSWORDS


class PublicHasher(PBKDF2PasswordHasher):
    """The demonstration's hasher: what everybody can read on its login page need not take long to guess."""

    iterations = 1000


class NotPublic:
    """A password validator that refuses the demonstration's passwords to everybody."""

    def validate(self, password: str, user: Any = None) -> None:
        if password in DEMONSTRATION_PASSWORDS:
            raise ValidationError(_("This password is public: it is the demonstration's."), code="public")

    def get_help_text(self) -> str:
        return _("Your password must not be one of the demonstration's.")
