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
    PASSWORD = "password", _("incorrect user name or password")
    LOCKED = "locked", _("locked after too many attempts")


NO_MAIN_REASON = "none"  # chosen in place of the code of a criterion


class Signature(Signed):
    """The finding of an assessment, confirmed by signature.

    `primary_criterion` is the code of the main reason of a failure, or NO_MAIN_REASON; empty of somebody eligible, and
    where a release that did not ask for it left it out. `despite` says why somebody is confirmed eligible although a
    disagreement excludes.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("assessment")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    primary_criterion = models.CharField(_("primary reason"), max_length=20, blank=True)
    despite = models.TextField(_("why in spite of a disagreement"), blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_decision_display()}"


class SignatureWithdrawal(Signed):
    """A signature given by mistake and withdrawn by its signer: it stays on record and is no longer valid."""

    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("signature")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("signature withdrawn")
        verbose_name_plural = _("signatures withdrawn")

    def __str__(self) -> str:
        return f"{self.signature}: {self.reason}"


class Closure(Signed):
    """A case closed: not enrolled for another reason.

    It is a decision about the subject, whatever the findings are or may become: it holds until the case is reopened.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="closures", verbose_name=_("revision")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ClosureReason.choices)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("case closed")
        verbose_name_plural = _("cases closed")

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_reason_display()}"


class Reopening(Signed):
    """A closed case opened again by an investigator: the only thing that ends a closure."""

    closure = models.OneToOneField(
        Closure, on_delete=models.PROTECT, related_name="reopening", verbose_name=_("case closed")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("case reopened")
        verbose_name_plural = _("cases reopened")

    def __str__(self) -> str:
        return f"{self.closure}: {self.reason}"


class SendBack(Record):
    """An assessment that goes back to the coordinator undecided.

    It waits for the investigator again once it was assessed anew, or once everything asked is answered.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="send_backs", verbose_name=_("assessment")
    )
    comment = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("assessment sent back")
        verbose_name_plural = _("assessments sent back")

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
