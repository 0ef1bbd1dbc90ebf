from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.visit import Visit


class FailureDismissal(Record):
    """A former screen failure who would be eligible under `version`, and is not screened again, for a reason."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="failure_dismissals", verbose_name=_("visit")
    )
    version = models.ForeignKey(
        "criteria.ProtocolVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("protocol version")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("former screen failure not screened again")
        verbose_name_plural = _("former screen failures not screened again")
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="failure_dismissed_once_per_version")]

    def __str__(self) -> str:
        return f"{self.visit}: {self.version}"
