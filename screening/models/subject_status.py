"""What the log says of a person beside where the person stands: decision, reasons, marks, enrolment."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.assessment import Overall
from screening.models.signature import Closure, Decision, Signature

NEVER = date(9999, 12, 31)  # in place of a day that there is not, so that a page can be cut by its key
NEVER_AT = datetime(9999, 12, 31, tzinfo=UTC)


class LogDecision(models.TextChoices):
    ELIGIBLE = Decision.ELIGIBLE.value, Decision.ELIGIBLE.label
    FAILURE = Decision.FAILURE.value, Decision.FAILURE.label
    NOT_ENROLLED = "not_enrolled", _("not enrolled for another reason")
    RETURNED = "returned", _("sent back")


class Mark(models.TextChoices):
    """What the investigator should know of an assessment before deciding (`screening.review.flags`)."""

    RETEST = "retest", _("passed at a retest")
    IMPLAUSIBLE = "implausible", _("implausible value confirmed")
    CORRECTED = "corrected", _("corrected after the first assessment")
    JUDGEMENT = "judgement", _("decided by judgement")
    READING = "reading", _("decided by a reading")


class Logged(models.Model):
    """Of the person's latest visit. `found`, `failed`, `marks` are the latest assessment's; the decision counts only
    while nothing newer stands: `signature` and `closure` are those that hold, `voided` says that one did and no longer
    does, with nothing decided since. `failed` and `marks` are `|I06|E04|`, so that one of them can be looked for.
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
    marks = models.TextField(_("marks"), blank=True)
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
        return codes_in(self.failed)

    @property
    def mark_labels(self) -> list[str]:
        return [str(Mark(code).label) for code in codes_in(self.marks)]


def listed(codes: list[str]) -> str:
    """Codes as one text in which each can be looked for between bars."""
    return f"|{'|'.join(codes)}|" if codes else ""


def codes_in(text: str) -> list[str]:
    return [code for code in text.split("|") if code]
