"""What every record has in common: who wrote it and when, and, of one that was signed, the signature."""

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """A row that says who wrote it and when, and that the database never lets anybody change (`append_only`)."""

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
    """A record that `created_by` signed with the password at `created_at`; `seal` binds it to what was signed.

    The printed name, the role, the time with its zone and the meaning are shown wherever the record is shown, printed
    or exported (21 CFR 11.50); they stay as they were at the moment of signing.
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
        """The time of signing by the site's clock of then, with its distance from UTC and the name of the zone.

        In UTC where what is stored names no zone, as only somebody who tampers with the database can have it.
        """
        try:
            at = self.created_at.astimezone(ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            at = self.created_at.astimezone(UTC)
        return f"{at.isoformat(sep=' ', timespec='seconds')} {self.zone}"
