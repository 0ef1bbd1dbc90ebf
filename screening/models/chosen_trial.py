"""The trial that somebody works in: a preference, not a record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChosenTrial(models.Model):
    """The trial that its owner chose last, on every page and on every computer; no row where it is each of them.

    Like a saved filter it decides nothing, so that its owner may replace and delete it: what somebody may see, their
    rights say.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    trial = models.ForeignKey("criteria.Trial", on_delete=models.CASCADE, related_name="+", verbose_name=_("trial"))

    class Meta:
        verbose_name = _("chosen trial")
        verbose_name_plural = _("chosen trials")

    def __str__(self) -> str:
        return f"{self.owner}: {self.trial}"
