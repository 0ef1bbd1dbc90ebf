from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.record import Record


class LogExport(Record):
    """That somebody took the log out of the application: how it was filtered, and as which kind of file."""

    file_format = models.CharField(_("file format"), max_length=10)
    filters = models.TextField(_("filter"), blank=True)

    class Meta:
        verbose_name = _("export of the log")
        verbose_name_plural = _("exports of the log")

    def __str__(self) -> str:
        return f"{self.file_format}: {self.filters}"
