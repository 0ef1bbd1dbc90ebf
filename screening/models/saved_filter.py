"""Filters of a list that somebody keeps under a name: a preference, not a record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A filter of the work list or the log under the name that its owner gave it; nobody else sees it.

    It is a preference, not a record: nothing that was decided depends on it, so that its owner may replace and delete
    it, and no trigger guards it. `address` is the query string of the list as its filter form wrote it.
    """

    class Lists(models.TextChoices):
        WORK_LIST = "work_list", _("work list")
        LOG = "log", _("screening log")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    of = models.CharField(_("list"), max_length=20, choices=Lists.choices)
    name = models.CharField(_("name"), max_length=60)
    address = models.TextField(_("address"))

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [models.UniqueConstraint(fields=["owner", "of", "name"], name="saved_filter_once_per_name")]

    def __str__(self) -> str:
        return self.name
