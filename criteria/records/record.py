"""Base models of all records: author and time of creation and, for signed ones, the signature."""

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.moments import moment_text


class Record(models.Model):
    """A row with its author and time of creation.

    The database never lets anybody change it (`append_only`).
    """

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        abstract = True


class Signed(Record):
    """A record that `created_by` signed with the password at `created_at`; `seal` binds it to the signed content.

    The printed name, the role, the time with its zone and the meaning are shown wherever the record is shown,
    printed or exported (21 CFR 11.50); they stay as they were at the moment of signing.
    """

    printed_name = models.CharField(_("printed name"), max_length=301)
    role = models.CharField(_("role"), max_length=100)
    meaning = models.TextField(_("meaning of the signature"))
    zone = models.CharField(_("time zone"), max_length=100)
    seal = models.CharField(_("seal"), max_length=64)

    class Meta:
        abstract = True

    @property
    def signed_at(self) -> str:
        """The time of signing in the time zone of the site at that time, with its UTC offset.

        In UTC where the stored zone does not exist, which only tampering with the database can cause.
        """
        try:
            at = self.created_at.astimezone(ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            at = self.created_at.astimezone(UTC)
        return moment_text(at)
