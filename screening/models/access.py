"""Rights and access: roles granted, changes of accounts, logins, refusals.

A person's rights are these records and nothing else: there is no list of groups beside them that could
differ.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.record import Record
from screening.models.visit import Visit


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("study coordinator")
    INVESTIGATOR = "investigator", _("principal investigator")
    SUB_INVESTIGATOR = "sub_investigator", _("sub-investigator")
    DELEGATED = "delegated_signer", _("sub-investigator who may sign")
    ADMINISTRATOR = "administrator", _("administrator")
    MONITOR = "monitor", _("monitor")
    SUPERUSER = "superuser", _("superuser (accounts only)")


class Grant(Record):
    """A role given to an account by `created_by`.

    It holds from its first day or from when it was recorded, whichever is later, to the end of its last day, if
    there is one, or until it is revoked. It holds in `trial`; without one, as every right that was given before rights
    were per trial and as that of a superuser, in each.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants", verbose_name=_("account")
    )
    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trial")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    holds_from = models.DateField(_("holds from"))
    holds_until = models.DateField(_("last day"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("right granted")
        verbose_name_plural = _("rights granted")

    def __str__(self) -> str:
        return f"{self.account}: {self.get_role_display()}"


class Revocation(Record):
    """The end of a grant: from `created_at` on it no longer holds."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="revocation", verbose_name=_("right"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("right revoked")
        verbose_name_plural = _("rights revoked")

    def __str__(self) -> str:
        return str(self.grant)


class AccountStep(models.TextChoices):
    CREATED = "created", _("account created")
    RENAMED = "renamed", _("printed name changed")
    DEACTIVATED = "deactivated", _("account deactivated")
    REACTIVATED = "reactivated", _("account reactivated")
    ACCESS = "access", _("access reset: any password and second factor before it are no longer valid")
    CONFIRMED = "confirmed", _("identity confirmed by a second user")
    PASSWORD = "password", _("password set")
    FACTOR = "factor", _("second factor set up")
    FACTOR_REMOVED = "factor_removed", _("second factor removed")
    CODES = "codes", _("new recovery codes made")
    RECOVERY = "recovery", _("logged in with a recovery code")


class AccountChange(Record):
    """A change of an account, and its author.

    `detail` holds what has to be said in words (the name before and after).
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes", verbose_name=_("account")
    )
    step = models.CharField(_("what was done"), max_length=20, choices=AccountStep.choices)
    detail = models.TextField(_("detail"), blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")

    def __str__(self) -> str:
        return f"{self.account}: {self.get_step_display()}"


class AccessKind(models.TextChoices):
    LOGIN = "login", _("logged in")
    LOGOUT = "logout", _("logged out")
    EXPIRED = "expired", _("logged out after the time limit")
    PASSWORD = "password", _("user name and password refused")
    CODE = "code", _("code of the second factor refused")
    LOCKED = "locked", _("login refused: locked after too many attempts")
    DENIED = "denied", _("request refused: no right to it")
    OPENED = "opened", _("audit trail opened")


class AccessEvent(models.Model):
    """A login, or the result of a request for access.

    `created_by` is empty where the entered name is nobody's. `name_key` stands for the entered name and tells
    two of them apart; the name itself is not stored, because people type passwords there. `address` is that of
    the client, `place` the name of the page.
    """

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="events",
        verbose_name=_("account"),
    )
    kind = models.CharField(_("what happened"), max_length=10, choices=AccessKind.choices)
    name_key = models.CharField(_("typed name"), max_length=64, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    place = models.CharField(_("page"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        indexes = [  # attempts of the last minutes are counted at each login
            models.Index(fields=["name_key", "created_at"], name="access_by_name"),
            models.Index(fields=["address", "created_at"], name="access_by_address"),
            models.Index(fields=["created_by", "created_at"], name="access_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.created_by or _('nobody known')}: {self.get_kind_display()}"


class Refusal(Record):
    """A request that was refused, and so changed nothing.

    `faults` are [field, message] where the refusal concerns fields.
    """

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, related_name="refusals", verbose_name=_("visit")
    )
    amendment = models.ForeignKey(
        "criteria.Amendment", on_delete=models.PROTECT, null=True, related_name="refusals", verbose_name=_("amendment")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("account")
    )
    place = models.CharField(_("page"), max_length=100)
    code = models.CharField(_("code"), max_length=40)
    message = models.TextField(_("message"))
    faults = DocumentField(_("faults"))

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")

    def __str__(self) -> str:
        return self.message
