"""Questions and remarks of the principal investigator at the review, and the answers. Both stay on record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record
from screening.models.assessment import Assessment, Verdict
from screening.models.visit import Visit


class Question(Record):
    """A question about a criterion (its code), a field (its path) or the visit as a whole.

    It is open until somebody answers.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="questions", verbose_name=_("visit"))
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("assessment"),
    )
    criterion = models.CharField(_("criterion"), max_length=20, blank=True)
    path = models.CharField(_("field"), max_length=200, blank=True)
    text = models.TextField(_("question"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return f"{self.visit}: {self.text}"


class Answer(Record):
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    text = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.text


class Opinion(models.TextChoices):
    EXCLUDES = "excludes", _("excludes the subject")
    ALLOWS = "allows", _("does not exclude the subject")
    UNCLEAR = "unclear", _("cannot be decided yet")


class Disagreement(Record):
    """The investigator's disagreement with an outcome: shown beside the outcome, it changes nothing of it.

    `opinion` is what the criterion does in the investigator's judgement; empty where an earlier release did not ask.
    """

    verdict = models.ForeignKey(
        Verdict, on_delete=models.PROTECT, related_name="disagreements", verbose_name=_("verdict")
    )
    opinion = models.CharField(_("in the investigator's judgement"), max_length=20, choices=Opinion.choices, blank=True)
    text = models.TextField(_("disagreement"))

    class Meta:
        verbose_name = _("disagreement")
        verbose_name_plural = _("disagreements")

    def __str__(self) -> str:
        return f"{self.verdict}: {self.text}"
