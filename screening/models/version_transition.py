from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.visit import Visit


class Transfer(Record):
    """From here on a visit that was begun under an earlier protocol version is assessed under `version`."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("visit"))
    version = models.ForeignKey(
        "criteria.ProtocolVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("protocol version")
    )

    class Meta:
        verbose_name = _("visit under a later version")
        verbose_name_plural = _("visits under a later version")
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="transfer_once_per_version")]

    def __str__(self) -> str:
        return f"{self.visit}: {self.version}"
