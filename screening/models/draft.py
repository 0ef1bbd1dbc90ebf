"""The two tables that are no records: what somebody is still typing, and where each person stands just now.

They are rewritten as work goes on, so no trigger guards them; nothing of them is ever part of a verdict.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.assessment import Assessment, Overall
from screening.models.subject import Subject
from screening.models.subject_status import NEVER, Logged
from screening.models.visit import Revision, Visit


class Draft(models.Model):
    """A section as `author` has typed it so far, on top of revision `base`. `data` is the form, URL-encoded."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("visit"))
    section = models.CharField(_("section"), max_length=100)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("author")
    )
    base = models.PositiveIntegerField(_("on revision"))
    data = models.TextField(_("form"))
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["visit", "section", "author"], name="draft_once_per_author")]

    def __str__(self) -> str:
        return f"{self.visit} / {self.section}"

    @property
    def version(self) -> str:
        """Another one whenever the draft is kept again."""
        return self.updated_at.isoformat()


class Standing(Logged):
    """One row of the work list and of the log, made anew whenever the records grow (`screening.worklist.status`).

    Holds what the software finds of the latest revision of the person's latest visit, if there is one.
    """

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, primary_key=True, related_name="standing", verbose_name=_("subject")
    )
    trial = models.ForeignKey("criteria.Trial", on_delete=models.CASCADE, related_name="+", verbose_name=_("trial"))
    screening_number = models.CharField(_("screening number"), max_length=20)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("visit"))
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("revision")
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("latest assessment")
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    overall = models.CharField(_("finding"), max_length=20, choices=Overall.choices, blank=True)
    fails = models.PositiveIntegerField(_("failed"), default=0)
    unknowns = models.PositiveIntegerField(_("unknown"), default=0)
    next_step = models.TextField(_("next"), blank=True)
    next_section = models.CharField(_("section of the next step"), max_length=100, blank=True)
    next_anchor = models.CharField(_("field of the next step"), max_length=200, blank=True)
    visit_date = models.DateField(_("visit date"), default=NEVER)
    planned_first_dose = models.DateField(_("planned first dose"), default=NEVER)
    holds_until = models.DateField(_("holds until"), default=NEVER)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [
            models.Index(fields=[name, "subject"], name=f"standing_{name}")
            for name in (
                "screening_number",
                "holds_until",
                "planned_first_dose",
                "saved_at",
                "fails",
                "unknowns",
            )
        ] + [
            models.Index(fields=["awaiting", "holds_until", "subject"], name="standing_queue_expiring"),
            models.Index(fields=["awaiting", "assessed_at", "subject"], name="standing_queue_oldest"),
            # With the failed criteria: a rare one is then looked for among keys, not row by row.
            models.Index(fields=["visit_date", "subject", "failed"], name="standing_visit_date"),
            # All that the log is counted and filtered by: counting reads no rows.
            models.Index(
                fields=[
                    "decision",
                    "primary_reason",
                    "enrolment_number",
                    "trial",
                    "version",
                    "found",
                    "coordinator",
                    "visit_date",
                    "failed",
                ],
                name="standing_log_counts",
            ),
            # The open visits under an earlier version, in their order: those that are no longer open cost no row.
            models.Index(
                fields=[
                    "trial",
                    "visit_date",
                    "subject",
                    "version",
                    "decision",
                    "primary_reason",
                    "enrolment_number",
                ],
                name="standing_open_visits",
            ),
        ]

    def __str__(self) -> str:
        return self.screening_number

    @property
    def changed_since(self) -> bool:
        """Whether something was saved after the assessment, which then no longer speaks of what is known."""
        return bool(self.assessment and self.assessment.revision_id != self.revision_id)
