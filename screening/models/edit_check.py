"""Edit checks for implausible values: the queries raised, and the values confirmed all the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.visit import Revision, Visit


class EditCheckRecord(Record):
    """Base of the records about one implausible value.

    `key` identifies the value wherever it is in its list (`criteria.vocabulary.edit_checks`); `path` is where
    it was.
    """

    path = models.CharField(_("field"), max_length=200)
    key = models.CharField(_("value in question"), max_length=300)
    message = models.TextField(_("question"))

    class Meta:
        abstract = True


class EditCheckQuery(EditCheckRecord):
    """An edit check query on an entered value; nothing of that attempt was saved."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="edit_check_queries", verbose_name=_("visit")
    )
    section = models.CharField(_("section"), max_length=100)

    class Meta:
        db_table = "screening_prompt"
        verbose_name = _("question about an implausible value")
        verbose_name_plural = _("questions about implausible values")

    def __str__(self) -> str:
        return f"{self.visit}: {self.key}"


class Confirmation(EditCheckRecord):
    """An implausible value that `created_by` confirmed when saving it."""

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("revision")
    )

    class Meta:
        verbose_name = _("confirmed implausible value")
        verbose_name_plural = _("confirmed implausible values")

    def __str__(self) -> str:
        return f"{self.revision}: {self.key}"
