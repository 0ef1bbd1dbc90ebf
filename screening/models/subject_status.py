"""Columns of the screening log for a subject: decision, reasons, review flags, enrolment."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.assessment import Assessment, Overall
from screening.models.signature import Closure, Decision, Signature
from screening.models.subject import Subject
from screening.models.visit import Revision, Visit

NEVER = date(9999, 12, 31)  # in place of a day that there is not, so that a page can be cut by its key
NEVER_AT = datetime(9999, 12, 31, tzinfo=UTC)


class LogDecision(models.TextChoices):
    ELIGIBLE = Decision.ELIGIBLE.value, Decision.ELIGIBLE.label
    FAILURE = Decision.FAILURE.value, Decision.FAILURE.label
    NOT_ENROLLED = "not_enrolled", _("not enrolled for another reason")
    RETURNED = "returned", _("sent back")


class ReviewFlag(models.TextChoices):
    """A review flag: a fact that the investigator should know before deciding (`screening.review.flags`)."""

    RETEST = "retest", _("passed at a retest")
    IMPLAUSIBLE = "implausible", _("implausible value confirmed")
    CORRECTED = "corrected", _("corrected after the first assessment")
    JUDGEMENT = "judgement", _("decided by judgement")
    READING = "reading", _("decided by a reading")


class LogColumns(models.Model):
    """The columns of the log about the subject's latest visit.

    `found`, `failed` and `flags` are those of the latest assessment. The decision counts only while nothing
    newer exists: `signature` and `closure` are the valid ones, and `voided` says that one was valid and no
    longer is, with no decision since. `failed` and `flags` have the form `|I06|E04|`, so that a single code can
    be searched for.
    """

    consent_date = models.CharField(_("consent date"), max_length=10, blank=True)  # as it was typed: may be partial
    version = models.ForeignKey(
        "criteria.ProtocolVersion",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("protocol version"),
    )
    found = models.CharField(_("outcome"), max_length=20, choices=Overall.choices, blank=True)
    failed = models.TextField(_("failed criteria"), blank=True)
    flags = models.TextField(_("review flags"), blank=True)
    awaiting = models.BooleanField(_("awaits the investigator"), default=False)
    assessed_at = models.DateTimeField(_("assessed at"), default=NEVER_AT)
    signature = models.ForeignKey(
        Signature, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("signature")
    )
    voided = models.BooleanField(_("signature void"), default=False)
    closure = models.ForeignKey(
        Closure, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("case closed")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=LogDecision.choices, blank=True)
    decided_at = models.DateTimeField(_("decided at"), default=NEVER_AT)
    primary_reason = models.CharField(_("primary reason"), max_length=20, blank=True)
    open_questions = models.PositiveIntegerField(_("open questions"), default=0)
    enrolment_number = models.CharField(_("enrolment number"), max_length=20, blank=True)
    enrolled_on = models.DateField(_("enrolled on"), default=NEVER)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("coordinator")
    )

    class Meta:
        abstract = True

    @property
    def failed_codes(self) -> list[str]:
        return split_codes(self.failed)

    @property
    def flag_labels(self) -> list[str]:
        return [str(ReviewFlag(code).label) for code in split_codes(self.flags)]


def join_codes(codes: list[str]) -> str:
    """Return codes as one text in which each can be searched for between bars; empty without codes."""
    return f"|{'|'.join(codes)}|" if codes else ""


def split_codes(text: str) -> list[str]:
    return [code for code in text.split("|") if code]


class SubjectStatus(LogColumns):
    """One row of the work list and of the screening log.

    It is recomputed whenever the records grow (`screening.worklist.status`). It holds the findings on the
    latest revision of the subject's latest visit, if there is one.
    """

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, primary_key=True, related_name="status", verbose_name=_("subject")
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
        db_table = "screening_standing"
        verbose_name = _("subject status")
        verbose_name_plural = _("subject statuses")
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
        """True where data were saved after the assessment, which then no longer covers all that is known."""
        return bool(self.assessment and self.assessment.revision_id != self.revision_id)
