from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.visit import Visit


class VersionTransition(Record):
    """A version transition: from here on a visit begun under an earlier version is assessed under `version`."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="transitions", verbose_name=_("visit"))
    version = models.ForeignKey(
        "criteria.ProtocolVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("protocol version")
    )

    class Meta:
        db_table = "screening_transfer"
        verbose_name = _("visit under a later version")
        verbose_name_plural = _("visits under a later version")
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="transfer_once_per_version")]

    def __str__(self) -> str:
        return f"{self.visit}: {self.version}"
