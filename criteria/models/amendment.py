"""Amendments: the drafting of a new protocol version, its proposal, and its approval by a second person.

Rows are added, never changed; the state of an amendment follows from them (`criteria.amendments.state`).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.models.protocol import ProtocolVersion, Trial
from criteria.records.canonical import DocumentField
from criteria.records.record import Record, Signed


class Amendment(Record):
    """A change of a trial's protocol, from `base` to a new version.

    The first is number 1; one at a time is open.
    """

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("trial"))
    number = models.PositiveIntegerField(_("number"))
    base = models.ForeignKey(
        ProtocolVersion, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("changes version")
    )

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="amendment_number_once_per_trial")]

    def __str__(self) -> str:
        return f"{self.trial} / {self.number}"

    def latest_revision(self) -> "AmendmentRevision":
        return self.revisions.latest("number")


class ChangeKind(models.TextChoices):
    BEGUN = "begun", _("begun")
    PLAN = "plan", _("number, day or note")
    VALUE = "value", _("parameter")
    WORDS = "words", _("wording of a criterion")
    FILE = "file", _("definition file")


class AmendmentRevision(Record):
    """The whole definition after one change to it, with the reason; the latest revision counts.

    `about` names the parameter or the criterion that was changed, where it is one.
    """

    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("amendment")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind of change"), max_length=10, choices=ChangeKind.choices)
    about = models.CharField(_("what was changed"), max_length=60, blank=True)
    reason = models.TextField(_("reason"))
    definition = DocumentField(_("definition"))
    definition_sha256 = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("revision of an amendment")
        verbose_name_plural = _("revisions of amendments")
        constraints = [
            models.UniqueConstraint(fields=["amendment", "number"], name="amendment_revision_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment} / {self.number}"


class BoundaryReview(Record):
    """A record that a user has viewed the boundary cases of everything that a revision changes."""

    revision = models.ForeignKey(
        AmendmentRevision, on_delete=models.PROTECT, related_name="boundary_reviews", verbose_name=_("revision")
    )

    class Meta:
        verbose_name = _("boundary cases seen")
        verbose_name_plural = _("boundary cases seen")

    def __str__(self) -> str:
        return str(self.revision)


class Proposal(Record):
    """A revision submitted for approval; until it is rejected, nothing in the amendment can change."""

    revision = models.ForeignKey(
        AmendmentRevision, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("revision")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return str(self.revision)


class Rejection(Record):
    """The rejection of a proposal, which makes it a draft again."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="rejection", verbose_name=_("proposal")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("rejection")
        verbose_name_plural = _("rejections")

    def __str__(self) -> str:
        return str(self.proposal)


class Withdrawal(Record):
    """The withdrawal of an amendment, which stays on record."""

    amendment = models.OneToOneField(
        Amendment, on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("amendment")
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return str(self.amendment)


class Approval(Signed):
    """A second person's signature, on the ethics committee's approval, that made a proposal a protocol version."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="approval", verbose_name=_("proposal")
    )
    version = models.OneToOneField(
        ProtocolVersion, on_delete=models.PROTECT, related_name="approval", verbose_name=_("protocol version")
    )
    reason = models.TextField(_("reason"))
    ethics_committee = models.CharField(_("ethics committee"), max_length=200)
    ethics_reference = models.CharField(_("reference of its approval"), max_length=100)
    ethics_approved_on = models.DateField(_("approved by it on"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.version}: {self.ethics_reference}"
