from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.record import Record
from screening.models.subject import Subject


class Visit(Record):
    """A screening visit, one attempt at enrolment.

    Its data are in its revisions, of which the latest counts.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="visits", verbose_name=_("subject"))
    number = models.PositiveIntegerField(_("number"))
    previous = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name=_("earlier attempt"),
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="visit_number_once_per_subject")]

    def __str__(self) -> str:
        return f"{self.subject} / {self.number}"

    def latest_revision(self) -> "Revision":
        return self.revisions.latest("number")


class Revision(Record):
    """The whole visit document after one section was saved.

    `reason` is given where saved values were changed.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("visit"))
    number = models.PositiveIntegerField(_("number"))
    section = models.CharField(_("section"), max_length=100)
    reason = models.TextField(_("reason"), blank=True)
    document = DocumentField(_("document"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="revision_number_once_per_visit")]

    def __str__(self) -> str:
        return f"{self.visit} / {self.number}"
