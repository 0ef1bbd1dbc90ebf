from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.visit import Revision


class ChangedField(models.Model):
    """A field that a revision changed, with its label and both values in words.

    For the search of the audit trail, and to find from which revision a value originates without reading them all.
    Computed from the revisions (`screening.visits.changed_fields`); `path` leads to the field's history.
    """

    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="changed_fields",
        verbose_name=_("revision"),
    )
    path = models.CharField(_("field"), max_length=250)
    words = models.TextField(_("label and values"))

    class Meta:
        verbose_name = _("changed field")
        verbose_name_plural = _("changed fields")
        indexes = [
            models.Index(fields=["path", "revision"], name="changed_field_path"),
            models.Index(fields=["revision", "path"], name="changed_field_revision"),
        ]

    def __str__(self) -> str:
        return self.path
