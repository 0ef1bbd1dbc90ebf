from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.records.record import Record


class ConsentFormVersion(Record):
    """A version of the consent form that the ethics committee approved for the site, used from its first day on.

    A further record of the same version corrects the one before; `in_error` says that there is no such version.
    """

    trial = models.ForeignKey(
        "criteria.Trial", on_delete=models.PROTECT, related_name="consent_form_versions", verbose_name=_("trial")
    )
    version = models.CharField(_("version"), max_length=40)
    approved_on = models.DateField(_("approved on"))
    valid_from = models.DateField(_("first day"))
    in_error = models.BooleanField(_("entered in error"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("consent form version")
        verbose_name_plural = _("consent form versions")
        ordering = ["-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.valid_from.isoformat()}"
