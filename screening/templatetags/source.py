"""The tag that says which revision a value is from: `{% source used.source %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from criteria.records.moments import moment_text
from screening.models import Revision

register = template.Library()
SHOWN = "shown_source"  # where a revision keeps its own text: a review says the same few of more than 100 values


@register.simple_tag
def source(revision: Revision | None) -> SafeString | str:
    """Return who saved a revision, when and why, with a link to it; empty without one."""
    if revision is None:
        return ""
    kept: SafeString | None = vars(revision).get(SHOWN)
    if kept is None:
        kept = vars(revision)[SHOWN] = source_html(revision)
    return kept


def source_html(revision: Revision) -> SafeString:
    who, when = revision.created_by.get_username(), moment_text(localtime(revision.created_at))
    return format_html(
        '<span class="source">{} <a href="{}">{}</a>{}</span>',
        _("by %(who)s, %(when)s,") % {"who": who, "when": when},
        reverse("screening:revision", args=[revision.visit_id, revision.number]),
        _("revision %(number)s") % {"number": revision.number},
        f": {revision.reason}" if revision.reason else "",
    )
