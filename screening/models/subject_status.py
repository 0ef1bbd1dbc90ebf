"""Columns of the screening log for an attempt: decision, reasons, review flags, enrolment."""

from collections.abc import Collection
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
    ENTERED_IN_ERROR = "entered_in_error", _("entered in error")  # the screening number, by whoever opened it


SETTLED_DECISIONS = (LogDecision.FAILURE, LogDecision.NOT_ENROLLED)  # nothing can end such a status any more


class ReviewFlag(models.TextChoices):
    """A review flag: a fact that the investigator should know before deciding (`screening.review.flags`)."""

    RETEST = "retest", _("satisfied at a retest")
    IMPLAUSIBLE = "implausible", _("implausible value confirmed")
    CORRECTED = "corrected", _("corrected after the first assessment")
    JUDGEMENT = "judgement", _("decided by judgement")
    READING = "reading", _("based on an interpretation")


class LogColumns(models.Model):
    """The columns of the log about one attempt.

    `found`, `failed` and `flags` are those of the latest assessment. A signature counts only while nothing newer
    exists and it is not withdrawn, a closed case until it is reopened: `signature` and `closure` are the valid ones,
    and `voided` says that one was valid and no longer is, with no decision since. `answered_at` is the time of the
    latest answer to a question about the visit. `failed` and `flags` have the form `|I06|E04|`, so that a single code
    can be searched for.
    """

    consent_date = models.CharField(_("consent date"), max_length=10, blank=True)  # as it was typed: may be partial
    consent_version = models.TextField(_("version of the consent form"), blank=True)
    reconsent_date = models.CharField(_("re-consent date"), max_length=10, blank=True)  # the last; may be partial
    reconsent_version = models.TextField(_("version of the consent form at re-consent"), blank=True)
    version = models.ForeignKey(
        "criteria.ProtocolVersion",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("protocol version"),
    )
    found = models.CharField(_("status"), max_length=20, choices=Overall.choices, blank=True)
    failed = models.TextField(_("criteria not satisfied"), blank=True)
    flags = models.TextField(_("review flags"), blank=True)
    awaiting = models.BooleanField(_("awaits the investigator"), default=False)
    assessed_at = models.DateTimeField(_("assessed at"), default=NEVER_AT)
    signature = models.ForeignKey(
        Signature, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("signature")
    )
    voided = models.BooleanField(_("signature no longer valid"), default=False)
    closure = models.ForeignKey(
        Closure, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("case closed")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=LogDecision.choices, blank=True)
    decided_at = models.DateTimeField(_("decided at"), default=NEVER_AT)
    primary_reason = models.CharField(_("primary reason"), max_length=20, blank=True)
    open_questions = models.PositiveIntegerField(_("open questions"), default=0)
    answered_at = models.DateTimeField(_("question answered at"), null=True)
    enrolment_number = models.CharField(_("enrolment number"), max_length=20, blank=True)
    enrolled_on = models.DateField(_("enrolled on"), default=NEVER)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("coordinator")
    )

    class Meta:
        abstract = True

    @property
    def has_reconsent(self) -> bool:
        return bool(self.reconsent_date or self.reconsent_version)

    @property
    def is_done(self) -> bool:
        """Return whether nothing can end the status any more: a confirmed screen failure, or a closed case."""
        return self.decision in SETTLED_DECISIONS

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


LATEST_ATTEMPT = models.Q(latest_of__isnull=False)


def in_trials(trials: Collection[int] | None) -> models.Q:
    """Return the condition for rows of the trials with these keys; None: of each."""
    return models.Q() if trials is None else models.Q(trial__in=trials)


class SubjectStatus(LogColumns):
    """One row of the screening log: an attempt, or a subject without one so far.

    It is recomputed whenever the records grow (`screening.worklist.status`). It holds the findings on the latest
    revision of the attempt's visit. The row of the latest attempt, `latest_of` the subject, is the subject's status
    and row of the work list; `attempts` is the number of the attempt, and so of all attempts there.
    """

    subject = models.ForeignKey(
        Subject, on_delete=models.CASCADE, related_name="statuses", db_index=False, verbose_name=_("subject")
    )
    latest_of = models.OneToOneField(
        Subject, on_delete=models.CASCADE, null=True, related_name="status", verbose_name=_("latest attempt of")
    )
    trial = models.ForeignKey("criteria.Trial", on_delete=models.CASCADE, related_name="+", verbose_name=_("trial"))
    screening_number = models.CharField(_("screening number"), max_length=20)
    visit = models.OneToOneField(
        Visit, on_delete=models.CASCADE, null=True, related_name="status", verbose_name=_("visit")
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("revision")
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("latest assessment")
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    overall = models.CharField(_("status"), max_length=20, choices=Overall.choices, blank=True)
    fails = models.PositiveIntegerField(_("not satisfied"), default=0)
    unknowns = models.PositiveIntegerField(_("not yet known"), default=0)
    next_step = models.TextField(_("next"), blank=True)
    next_section = models.CharField(_("section of the next step"), max_length=100, blank=True)
    next_anchor = models.CharField(_("field of the next step"), max_length=200, blank=True)
    next_day = models.DateField(_("day of the next step"), default=NEVER)
    visit_date = models.DateField(_("visit date"), default=NEVER)
    planned_first_dose = models.DateField(_("planned first dose"), default=NEVER)
    holds_until = models.DateField(_("valid until"), default=NEVER)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)

    class Meta:
        db_table = "screening_standing"
        verbose_name = _("subject status")
        verbose_name_plural = _("subject statuses")
        indexes = [
            models.Index(fields=[name, "id"], condition=LATEST_ATTEMPT, name=f"standing_{name}")
            for name in (
                "screening_number",
                "holds_until",
                "planned_first_dose",
                "saved_at",
                "fails",
                "unknowns",
            )
        ] + [
            models.Index(fields=["awaiting", "holds_until", "id"], name="standing_queue_expiring"),
            models.Index(fields=["awaiting", "assessed_at", "id"], name="standing_queue_oldest"),
            models.Index(fields=["subject", "id"], name="standing_subject"),
            # With the failed criteria: a rare one is then looked for among keys, not row by row.
            models.Index(fields=["visit_date", "id", "failed"], name="standing_visit_date"),
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
                    "latest_of",
                    "subject",
                ],
                name="standing_log_counts",
            ),
            # The open visits under an earlier version, in their order: those that are no longer open cost no row.
            models.Index(
                fields=[
                    "trial",
                    "visit_date",
                    "id",
                    "version",
                    "decision",
                    "primary_reason",
                    "enrolment_number",
                    "latest_of",
                ],
                condition=LATEST_ATTEMPT,
                name="standing_open_visits",
            ),
        ]

    def __str__(self) -> str:
        return self.screening_number

    @property
    def is_latest(self) -> bool:
        return self.latest_of_id is not None

    @property
    def changed_since(self) -> bool:
        """True where data were saved after the assessment, which then no longer covers all that is known."""
        return bool(self.assessment and self.assessment.revision_id != self.revision_id)

    @property
    def passed_dose(self) -> date | None:
        """The planned first dose day that has passed, in the site's time zone; None where no other has to be planned.

        Nobody eligible by the findings is ready before one is, signed or not, until enrolled or closed.
        """
        is_open = self.is_latest and not self.enrolment_number and self.closure_id is None
        if not is_open or self.overall != Overall.ELIGIBLE or self.planned_first_dose >= timezone.localdate():
            return None
        return self.planned_first_dose
