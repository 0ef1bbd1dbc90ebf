from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.signature import Signature
from screening.models.subject import Subject


class Enrolment(Record):
    """A subject's enrolment in the trial, based on a signature that confirmed eligibility."""

    subject = models.OneToOneField(
        Subject, on_delete=models.PROTECT, related_name="enrolment", verbose_name=_("subject")
    )
    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("trial")
    )
    number = models.CharField(_("enrolment number"), max_length=20)
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("signature")
    )
    enrolled_on = models.DateField(_("enrolled on"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="enrolment_number_once_per_trial")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.number}"
