from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.record import Record


class Sex(models.TextChoices):
    ANY = "", _("any")
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class ReferenceRange(Record):
    """The normal range of one test at one laboratory of the site.

    It counts once another user has confirmed it, until it ends or is marked wrong. Of several ranges of a
    laboratory that are valid on a day the latest counts. Without `uln` the laboratory gives none from that day on.
    """

    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, related_name="reference_ranges", verbose_name=_("trial")
    )
    # Empty in ranges entered before laboratories were named: those are of whichever laboratory measured.
    laboratory = models.CharField(_("laboratory"), max_length=100, blank=True)
    analyte = models.CharField(_("test"), max_length=60)
    unit = models.CharField(_("unit"), max_length=20)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    # Completed years on the day of collection, both included.
    age_from = models.PositiveSmallIntegerField(_("lowest age"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("highest age"), null=True, blank=True)
    # Text, because a decimal column would pad or round what was written: 1.5 stays 1.5 on both databases.
    lln = DocumentField(_("lower limit of normal"), null=True, blank=True)
    uln = DocumentField(_("upper limit of normal"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    doubt = models.TextField(_("question confirmed when it was entered"), blank=True)
    # False in the ranges entered before a second person was asked, which count as confirmed.
    needs_confirmation = models.BooleanField(_("needs confirmation"), default=True)

    class Meta:
        verbose_name = _("laboratory reference range")
        verbose_name_plural = _("laboratory reference ranges")
        ordering = ["analyte", "sex", "-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.analyte} {self.sex} {self.valid_from.isoformat()}"

    @property
    def is_confirmed(self) -> bool:
        return not self.needs_confirmation or hasattr(self, "confirmation")

    @property
    def is_wrong(self) -> bool:
        return hasattr(self, "retraction")

    @property
    def last_day(self) -> date | None:
        """The last day; the query that reads the ranges annotates `latest_end`, the last day of the latest `ends`."""
        return getattr(self, "latest_end", None) or self.valid_until

    def is_valid_on(self, day: date) -> bool:
        """Return whether the day lies within the days of the range."""
        return self.valid_from <= day and (self.last_day is None or day <= self.last_day)


class RangeConfirmation(Record):
    """The confirmation of a range by a second person, who compared it with its source."""

    range = models.OneToOneField(
        ReferenceRange, on_delete=models.PROTECT, related_name="confirmation", verbose_name=_("range")
    )

    class Meta:
        verbose_name = _("confirmed reference range")
        verbose_name_plural = _("confirmed reference ranges")

    def __str__(self) -> str:
        return str(self.range)


class RangeEnd(Record):
    """The last day of a range, which is earlier than what was known; of several the latest record counts."""

    range = models.ForeignKey(ReferenceRange, on_delete=models.PROTECT, related_name="ends", verbose_name=_("range"))
    last_day = models.DateField(_("last day"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("end of a reference range")
        verbose_name_plural = _("ends of reference ranges")

    def __str__(self) -> str:
        return f"{self.range} {self.last_day.isoformat()}"


class RangeRetraction(Record):
    """The mark that a range is wrong: it counts on no day, and stays on record."""

    range = models.OneToOneField(
        ReferenceRange, on_delete=models.PROTECT, related_name="retraction", verbose_name=_("range")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("reference range marked wrong")
        verbose_name_plural = _("reference ranges marked wrong")

    def __str__(self) -> str:
        return str(self.range)
