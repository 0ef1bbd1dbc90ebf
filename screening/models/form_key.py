"""Which forms were taken: a working table, not a record. It makes a form that is sent twice one submission."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.records.canonical import DocumentField


class FormKey(models.Model):
    """A form that was taken, written in the transaction of its records, and what was answered to it.

    `key` stands for the form's own key with its sender, address and content. `answer` is where the answer led,
    empty until it is given; `messages` are its [level, text]. Both are forgotten with the key after a few days.
    """

    key = models.CharField(_("key"), max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    created_at = models.DateTimeField(_("taken at"), default=timezone.now)
    address = models.CharField(_("address"), max_length=200)
    answer = models.TextField(_("answer"), blank=True)
    messages = DocumentField(_("messages"), default=list)

    class Meta:
        verbose_name = _("form taken")
        verbose_name_plural = _("forms taken")

    def __str__(self) -> str:
        return self.address
