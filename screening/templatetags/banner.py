"""The banner of a page about a subject: `{% subject_banner visit.subject visit revision.document %}`.

Whoever is shown it has viewed the subject, which is put on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context

from screening.audit.subject_views import note_shown_subject
from screening.models import Subject, Visit
from screening.views.cards import banner

register = template.Library()


@register.inclusion_tag("screening/cards/banner.html", takes_context=True)
def subject_banner(
    context: Context, subject: Subject, visit: Visit | None = None, document: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    if request := context.get("request"):
        note_shown_subject(request, subject)
    return {"banner": banner.subject_banner(subject, visit, document)}
