"""The site's own reference of a subject: by what the site finds the person in a list of its own."""

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.subject import Subject


class SubjectReference(Record):
    """A reference as it was given; the latest of a subject counts, an empty one takes the reference away.

    It is no identity and leaves the site in no export. `reason` is why it was changed, or why two subjects have the
    same.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="references", verbose_name=_("subject"))
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("site's reference")
        verbose_name_plural = _("site's references")

    def __str__(self) -> str:
        return self.reference


def standing_references() -> QuerySet[SubjectReference]:
    """Return the references that count, at most one for each subject."""
    later = SubjectReference.objects.filter(subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    return SubjectReference.objects.filter(~Exists(later)).exclude(reference="")
