"""A screening number or a visit that was opened by mistake: marked, never removed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.subject import Subject
from screening.models.visit import Visit


class SubjectInError(Record):
    """A screening number entered in error, with all its visits."""

    subject = models.OneToOneField(
        Subject, on_delete=models.PROTECT, related_name="in_error", verbose_name=_("subject")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("screening number entered in error")
        verbose_name_plural = _("screening numbers entered in error")

    def __str__(self) -> str:
        return str(self.subject)


class VisitInError(Record):
    """A visit entered in error; the subject's other visits stand."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="in_error", verbose_name=_("visit"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("visit entered in error")
        verbose_name_plural = _("visits entered in error")

    def __str__(self) -> str:
        return str(self.visit)
