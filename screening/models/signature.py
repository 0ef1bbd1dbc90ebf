"""Decisions of the principal investigator: signatures, cases closed for another reason, assessments sent back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record, Signed
from screening.models.assessment import Assessment, Overall
from screening.models.visit import Revision, Visit


class Decision(models.TextChoices):
    ELIGIBLE = "eligible", _("confirmed eligible")
    FAILURE = "failure", _("confirmed screen failure")


CONFIRMED_FINDING = {
    Decision.ELIGIBLE: Overall.ELIGIBLE,
    Decision.FAILURE: Overall.INELIGIBLE,
}  # the finding that each confirms


class ClosureReason(models.TextChoices):
    DECLINED = "declined", _("declined")
    DIED = "died", _("died")
    LOST = "lost", _("lost to follow-up")
    SITE_CLOSED = "site_closed", _("site closed")
    OTHER = "other", _("other")


class FailureCause(models.TextChoices):
    PASSWORD = "password", _("user name or password wrong")
    LOCKED = "locked", _("locked after too many attempts")


class Signature(Signed):
    """The finding of an assessment, confirmed by signature.

    `primary_criterion` is the code of the main reason, or empty.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("assessment")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    primary_criterion = models.CharField(_("primary reason"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [models.UniqueConstraint(fields=["assessment"], name="signature_once_per_assessment")]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_decision_display()}"


class Closure(Signed):
    """A case closed: not enrolled for another reason.

    It is a decision about the subject, whatever the findings are or may become.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="closures", verbose_name=_("revision")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ClosureReason.choices)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("case closed")
        verbose_name_plural = _("cases closed")
        constraints = [models.UniqueConstraint(fields=["revision"], name="closure_once_per_revision")]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_reason_display()}"


class SendBack(Record):
    """An assessment that goes back to the coordinator undecided."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="send_backs", verbose_name=_("assessment")
    )
    comment = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("assessment sent back")
        verbose_name_plural = _("assessments sent back")
        constraints = [models.UniqueConstraint(fields=["assessment"], name="send_back_once_per_assessment")]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.comment}"


class SigningFailure(Record):
    """A signing attempt of `created_by` that failed at the password.

    It was made at a visit or at the approval of an amendment.
    """

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, related_name="signing_failures", verbose_name=_("visit")
    )
    amendment = models.ForeignKey(
        "criteria.Amendment",
        on_delete=models.PROTECT,
        null=True,
        related_name="signing_failures",
        verbose_name=_("amendment"),
    )
    cause = models.CharField(_("cause"), max_length=20, choices=FailureCause.choices)

    class Meta:
        verbose_name = _("failed attempt to sign")
        verbose_name_plural = _("failed attempts to sign")
        # The attempts of one person within the last minutes are counted at each signing.
        indexes = [models.Index(fields=["created_by", "created_at"], name="signing_failure_recent")]

    def __str__(self) -> str:
        return f"{self.visit or self.amendment}: {self.get_cause_display()}"
