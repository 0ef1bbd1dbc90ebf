"""Trials, their protocol versions, and the criteria and parameters of each version.

Rows are added, never changed.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField
from criteria.records.official_wording import OfficialWording, official_wordings


class Trial(models.Model):
    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300)
    registry_url = models.URLField(_("registry record"), blank=True)
    planned_enrolment = models.PositiveIntegerField(_("planned enrolment"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ProtocolVersion(models.Model):
    """One version of a trial's definition.

    `format` says for which meaning of the language its rules were written (`criteria.rules.facts.FORMATS`).
    `sponsor_protocol` names the sponsor's protocol and its day. `definition_sha256` is the SHA-256 of the whole
    definition in canonical JSON.
    """

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="versions", verbose_name=_("trial"))
    number = models.CharField(_("version"), max_length=20)
    effective_from = models.DateField(_("in force from"))
    note = models.TextField(_("note"), blank=True)
    sponsor_protocol = DocumentField(_("the sponsor's protocol"), null=True, blank=True)
    numbers = DocumentField(_("screening numbers"), null=True, blank=True)
    codes = DocumentField(_("code lists"))
    sections = DocumentField(_("sections"))
    drugs = DocumentField(_("drugs"), null=True, blank=True)
    terms = DocumentField(_("terms"))
    check_limits = DocumentField(_("limits of the checks"), null=True, blank=True)
    checks = DocumentField(_("checks between answers"), null=True, blank=True)
    summary = DocumentField(_("summary"), null=True, blank=True)
    tests = DocumentField(_("tests"), null=True, blank=True)
    tables = DocumentField(_("tables of numbers"), null=True, blank=True)
    format = models.PositiveSmallIntegerField(_("format of the definition"), default=1)
    definition_sha256 = models.CharField(_("fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("protocol version")
        verbose_name_plural = _("protocol versions")
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="version_once_per_trial")]

    def __str__(self) -> str:
        return f"{self.trial} {self.number}"


def long_fields(prefix: str = "") -> tuple[str, ...]:
    """Return the fields of a protocol version that a query defers where only the version is asked for.

    They hold its vocabulary, its checks and its note. `prefix` leads to the version, as `version__` does.
    """
    fields = ProtocolVersion._meta.concrete_fields
    return tuple(prefix + field.name for field in fields if isinstance(field, models.TextField))


class Category(models.TextChoices):
    INCLUSION = "inclusion", _("inclusion")
    EXCLUSION = "exclusion", _("exclusion")


class Criterion(models.Model):
    """A criterion: its wording and its rule as a tree.

    `criteria.rules.codec` reads the rule; `source` says where it comes from. Where the definition has a list of
    `interpretations`, `reading` holds their texts, a line each; where it has `wordings` by language,
    `official_wording` holds them as one text (`criteria.records.official_wording`).
    """

    version = models.ForeignKey(
        ProtocolVersion, on_delete=models.PROTECT, related_name="criteria", verbose_name=_("protocol version")
    )
    code = models.CharField(_("code"), max_length=8)
    position = models.PositiveIntegerField(_("position"))
    category = models.CharField(_("category"), max_length=10, choices=Category.choices)
    statement = models.TextField(_("statement"))
    reading = models.TextField(_("interpretation"), blank=True)
    interpretations = DocumentField(_("interpretations and what each is about"), null=True, blank=True)
    official_wording = models.TextField(_("official wording"), blank=True)
    wordings = DocumentField(_("official wording by language"), null=True, blank=True)
    applies = DocumentField(_("applies where"), null=True, blank=True)
    rule = DocumentField(_("rule"))
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="criterion_once_per_version")]

    def __str__(self) -> str:
        return self.code

    @property
    def official_wordings(self) -> tuple[OfficialWording, ...]:
        return official_wordings(self.official_wording)


class ParameterType(models.TextChoices):
    NUMBER = "number", _("number")
    INTEGER = "integer", _("whole number")
    WINDOW = "window", _("length of a window")


class Parameter(models.Model):
    """A threshold or the length of a window; `any time` is an open window.

    `type` and `permitted` ([lowest, highest], in `unit`) limit the values that an amendment may set; versions
    published before these fields existed have neither. `source` says where the value comes from.
    """

    version = models.ForeignKey(
        ProtocolVersion, on_delete=models.PROTECT, related_name="parameters", verbose_name=_("protocol version")
    )
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    # Text, because a decimal column would pad or round what was written: 1.5 stays 1.5 on both databases.
    value = DocumentField(_("value"))
    unit = models.CharField(_("unit"), max_length=20)
    type = models.CharField(_("type"), max_length=10, choices=ParameterType.choices, blank=True)
    permitted = DocumentField(_("permitted range"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="parameter_once_per_version")]

    def __str__(self) -> str:
        return self.name
