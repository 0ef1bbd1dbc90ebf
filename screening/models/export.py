from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record


class Exported(models.TextChoices):
    LOG = "log", _("screening log")
    DEIDENTIFIED = "deidentified", _("de-identified data")
    TRAIL = "trail", _("audit trail")
    RIGHTS = "rights", _("report of rights")


class LogExport(Record):
    """An export of records from the application: which records, of one trial or of several, the filter, the format."""

    what = models.CharField(_("what"), max_length=20, choices=Exported.choices, default=Exported.LOG)
    file_format = models.CharField(_("file format"), max_length=10)
    filters = models.TextField(_("filter"), blank=True)
    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trial")
    )

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.file_format}: {self.filters}"
