"""Unsaved form input: a working table, not a record. No trigger guards it, and nothing in it is part of a verdict."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.visit import Visit


class Draft(models.Model):
    """A section as `author` has entered it so far, on top of revision `base`.

    `data` is the form, URL-encoded.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("visit"))
    section = models.CharField(_("section"), max_length=100)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("author")
    )
    base = models.PositiveIntegerField(_("on revision"))
    data = models.TextField(_("form"))
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["visit", "section", "author"], name="draft_once_per_author")]

    def __str__(self) -> str:
        return f"{self.visit} / {self.section}"

    @property
    def version(self) -> str:
        """Identifier that changes whenever the draft is saved again."""
        return self.updated_at.isoformat()

    @property
    def key(self) -> str:
        """Identifier among all drafts that changes whenever the draft is saved again."""
        return f"{self.pk} {self.version}"
