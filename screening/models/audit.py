"""Reviews of the audit trail, who viewed a subject, and the seals which show that nobody has rewritten it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.subject import Subject


class TrailReview(Record):
    """A review of a part of the audit trail by `created_by`.

    It covers `entries` entries of one trial under the filter `filters`, up to the latest one, of the time `newest`.
    A review from before reviews were per trial has none.
    """

    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trial")
    )
    filters = models.TextField(_("filter"), blank=True)
    entries = models.PositiveIntegerField(_("entries"))
    newest = models.DateTimeField(_("latest entry"), null=True)
    remark = models.TextField(_("remark"))

    class Meta:
        verbose_name = _("review of the audit trail")
        verbose_name_plural = _("reviews of the audit trail")

    def __str__(self) -> str:
        return self.remark


class SubjectView(Record):
    """A page about the subject was shown to `created_by` on `day`, the first of that day in the site's time."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="views", verbose_name=_("subject"))
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("subject viewed")
        verbose_name_plural = _("subjects viewed")
        constraints = [
            models.UniqueConstraint(fields=["subject", "created_by", "day"], name="view_once_per_user_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.day}"


class RecordSeal(models.Model):
    """An HMAC over all rows of one table up to the key `last`, chained to the previous seal of that table.

    `columns` are those that existed at the time: a column that a later migration adds was not sealed and breaks
    no seal.
    """

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False, db_index=True)
    table = models.CharField(_("table"), max_length=100)
    last = models.BigIntegerField(_("last row"))
    rows = models.BigIntegerField(_("rows"))
    columns = models.TextField(_("columns"))
    digest = models.CharField(_("seal"), max_length=64)

    class Meta:
        verbose_name = _("seal over records")
        verbose_name_plural = _("seals over records")
        constraints = [models.UniqueConstraint(fields=["table", "last"], name="record_seal_once")]

    def __str__(self) -> str:
        return f"{self.table}: {self.last}"
