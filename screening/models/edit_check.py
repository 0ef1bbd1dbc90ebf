"""Edit checks: the queries raised, and what was confirmed all the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from criteria.vocabulary.edit_checks import PLAUSIBLE
from screening.models.visit import Revision, Visit


class EditCheckRecord(Record):
    """Base of the records about one edit check.

    `key` identifies the values in question wherever they are in their lists (`criteria.vocabulary.edit_checks`);
    `path` is where the first of them was, `code` names the check: `plausible`, `future`, `absent`, `consent`, or one of
    the definition's.
    """

    path = models.CharField(_("field"), max_length=200)
    key = models.CharField(_("value in question"), max_length=300)
    code = models.CharField(_("check"), max_length=20, default=PLAUSIBLE)
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
        verbose_name = _("edit check raised")
        verbose_name_plural = _("edit checks raised")

    def __str__(self) -> str:
        return f"{self.visit}: {self.key}"


class Confirmation(EditCheckRecord):
    """An answer to an edit check: what it asks is right, says `created_by`.

    `reason` says why; an implausible number needs none.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("revision")
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("edit check answered")
        verbose_name_plural = _("edit checks answered")

    def __str__(self) -> str:
        return f"{self.revision}: {self.key}"
