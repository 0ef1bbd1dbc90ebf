"""Simulations: subjects in screening evaluated under other limits than the current ones.

None of it is a verdict. A dry run shows what a revision of an amendment would change for every subject, a
what-if what some values would change for some subjects. The request, its report and the subjects who would
change are records; the progress is not.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.record import Record
from screening.models.assessment import Overall
from screening.models.subject import Subject
from screening.models.visit import Revision


class Simulation(Record):
    """A request to evaluate `base` with another definition.

    For a dry run it is that of `revision`; for a what-if `values` replace the values of `base` by parameter (a
    number as the definition writes it, or `any time`). `filters` are those of the log
    (`screening.log.filter.LogFilter`) by name; empty means every subject.
    """

    base = models.ForeignKey(
        "criteria.ProtocolVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("compared with version")
    )
    revision = models.ForeignKey(
        "criteria.AmendmentRevision",
        on_delete=models.PROTECT,
        null=True,
        related_name="dry_runs",
        verbose_name=_("revision of an amendment"),
    )
    values = DocumentField(_("values"), null=True)
    filters = DocumentField(_("filters"))

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")

    def __str__(self) -> str:
        return f"{self.base}: {self.revision or self.values}"


class SimulationState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class SimulationProgress(models.Model):
    """The progress of a simulation: a working row, not a record.

    `last` is the key of the last subject evaluated.
    """

    simulation = models.OneToOneField(
        Simulation, on_delete=models.CASCADE, primary_key=True, related_name="progress", verbose_name=_("simulation")
    )
    state = models.CharField(_("state"), max_length=10, choices=SimulationState.choices, default="waiting")
    total = models.PositiveIntegerField(_("subjects"), default=0)
    done = models.PositiveIntegerField(_("subjects done"), default=0)
    last = models.BigIntegerField(_("last subject"), default=0)
    counts = DocumentField(_("counts so far"))
    worker = models.CharField(_("worker"), max_length=40, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("progress of a simulation")
        verbose_name_plural = _("progress of simulations")

    def __str__(self) -> str:
        return f"{self.simulation}: {self.done}/{self.total}"


class Effect(models.TextChoices):
    """The meaning of a change for a subject, beside the outcomes."""

    LOST = "lost", _("enrolled or confirmed eligible, and would not be eligible")
    GAINED = "gained", _("screen failure, and would be eligible")
    OTHER = "other", _("other change")


class SimulatedChange(models.Model):
    """A subject for whom at least one outcome would change.

    `changes` is {code: [before, after]}, null where a version has no such criterion; `before` or `after` is
    empty where the document does not fit that version.
    """

    simulation = models.ForeignKey(
        Simulation, on_delete=models.PROTECT, related_name="changes", verbose_name=_("simulation")
    )
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", verbose_name=_("subject"))
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("revision"))
    before = models.CharField(_("before"), max_length=20, choices=Overall.choices, blank=True)
    after = models.CharField(_("after"), max_length=20, choices=Overall.choices, blank=True)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)
    codes = models.TextField(_("criteria"))  # |I06|E04|, so that one of them can be looked for
    changes = DocumentField(_("outcomes"))

    class Meta:
        verbose_name = _("simulated change")
        verbose_name_plural = _("simulated changes")
        constraints = [models.UniqueConstraint(fields=["simulation", "subject"], name="simulated_change_once")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.before} → {self.after}"


class SimulationReport(Record):
    """The results of a simulation once every subject was evaluated."""

    simulation = models.OneToOneField(
        Simulation, on_delete=models.PROTECT, related_name="report", verbose_name=_("simulation")
    )
    people = models.PositiveIntegerField(_("subjects"))
    counts = DocumentField(_("counts"))

    class Meta:
        verbose_name = _("report of a simulation")
        verbose_name_plural = _("reports of simulations")

    def __str__(self) -> str:
        return f"{self.simulation}: {self.people}"
