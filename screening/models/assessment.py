from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.models import Category
from criteria.records.canonical import DocumentField
from criteria.records.record import Record
from screening.models.visit import Revision


class Overall(models.TextChoices):
    ELIGIBLE = "eligible", _("eligible")
    INELIGIBLE = "ineligible", _("ineligible")
    UNDETERMINED = "undetermined", _("undetermined")


class Outcome(models.TextChoices):
    """The outcome of a criterion; the labels name it where inclusion and exclusion criteria stand together."""

    PASS = "pass", _("satisfied")
    FAIL = "fail", _("not satisfied")
    UNKNOWN = "unknown", _("not yet known")
    NOT_APPLICABLE = "not_applicable", _("not applicable")

    def label_for(self, category: str) -> str:
        """Return the outcome of one criterion in words, by its category."""
        return str(OUTCOME_LABELS.get((category, self.value), self.label))


# An exclusion criterion that is “met” excludes: nobody says of it that it is met or not met.
OUTCOME_LABELS = {
    (Category.INCLUSION.value, Outcome.PASS.value): _("met"),
    (Category.INCLUSION.value, Outcome.FAIL.value): _("not met"),
    (Category.EXCLUSION.value, Outcome.PASS.value): _("absent"),
    (Category.EXCLUSION.value, Outcome.FAIL.value): _("present"),
}


class Assessment(Record):
    """The verdict sheet over one revision by one protocol version.

    `sheet_sha256` seals everything that it was derived from.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("revision")
    )
    version = models.ForeignKey(
        "criteria.ProtocolVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("protocol version")
    )
    overall = models.CharField(_("status"), max_length=20, choices=Overall.choices)
    engine_version = models.CharField(_("engine version"), max_length=20)
    sheet_sha256 = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.revision}: {self.overall}"


class Verdict(models.Model):
    """The outcome of one criterion, with everything needed to explain it.

    Author and time are those of the assessment.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="verdicts", verbose_name=_("assessment")
    )
    criterion = models.ForeignKey(
        "criteria.Criterion", on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    code = models.CharField(_("code"), max_length=20)
    position = models.PositiveIntegerField(_("position"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    proof = models.TextField(_("proof"), blank=True)
    missing = DocumentField(_("missing"))
    values = DocumentField(_("values"))
    parameters = DocumentField(_("parameters"))
    trace = DocumentField(_("trace"))

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="verdict_once_per_assessment")]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"
