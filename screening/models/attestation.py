"""Attestations: what the investigator says to each answer that was recorded as the investigator's judgement."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.question import Question
from screening.models.visit import Revision


class AttestationAnswer(models.TextChoices):
    AS_RECORDED = "as_recorded", _("as recorded")
    SENT_BACK = "sent_back", _("sent back")


class Attestation(Record):
    """A judgement of a revision, attested as recorded or sent back with a question.

    `key` identifies the answer (`criteria.vocabulary.judgements`): the attestation holds for later revisions as long
    as it is among theirs. `path` is where the answer was, `label` and `value` are what the investigator saw.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="attestations", verbose_name=_("revision")
    )
    path = models.CharField(_("field"), max_length=200)
    key = models.CharField(_("judgement"), max_length=300)
    label = models.TextField(_("label"))
    value = models.TextField(_("value"))
    answer = models.CharField(_("answer"), max_length=20, choices=AttestationAnswer.choices)
    question = models.OneToOneField(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attestation",
        verbose_name=_("question"),
    )

    class Meta:
        verbose_name = _("attestation of a judgement")
        verbose_name_plural = _("attestations of judgements")

    def __str__(self) -> str:
        return f"{self.label}: {self.value}, {self.get_answer_display()}"
