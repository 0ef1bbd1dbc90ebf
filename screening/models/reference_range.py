from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.record import Record


class Sex(models.TextChoices):
    ANY = "", _("any")
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class ReferenceRange(Record):
    """The upper limit of normal of one test at the site's laboratory.

    Of several ranges that are valid on a day the latest counts. Without `uln` the laboratory gives none from
    that day on, which is how a range is withdrawn.
    """

    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, related_name="reference_ranges", verbose_name=_("trial")
    )
    analyte = models.CharField(_("test"), max_length=60)
    unit = models.CharField(_("unit"), max_length=20)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    # Text, because a decimal column would pad or round what was written: 1.5 stays 1.5 on both databases.
    uln = DocumentField(_("upper limit of normal"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("laboratory reference range")
        verbose_name_plural = _("laboratory reference ranges")
        ordering = ["analyte", "sex", "-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.analyte} {self.sex} {self.valid_from.isoformat()}"
