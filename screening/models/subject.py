from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record


class Subject(Record):
    """A person in screening, identified here by a number that is derived from nothing."""

    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, related_name="subjects", verbose_name=_("trial")
    )
    screening_number = models.CharField(_("screening number"), max_length=20)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = [
            models.UniqueConstraint(fields=["trial", "screening_number"], name="subject_number_once_per_trial"),
        ]

    def __str__(self) -> str:
        return self.screening_number
