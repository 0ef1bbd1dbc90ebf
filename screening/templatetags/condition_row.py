"""The tag that shows the inputs of one entry of a medical history, of which a form has more than thirty."""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import render_crispy_form
from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from screening.crf.checklist import ConditionForm

register = template.Library()
MOST_KEPT = 2000
kept: dict[tuple[Any, ...], tuple[object, SafeString]] = {}


@register.simple_tag(takes_context=True)
def condition_row(context: template.Context, row: ConditionForm) -> SafeString:
    """Return the inputs of an entry: `{% condition_row row %}`.

    Those of a condition without details look the same for everybody under one version of the protocol: they are
    rendered once in a process.
    """
    if not row.is_plain:
        return render_crispy_form(row, context=context)
    part = row.part
    version = getattr(context.get("page"), "version_pk", None)
    key = (id(part), version, get_language(), row.prefix, row.code, row.place, row.stored.get("status"))
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = (part, render_crispy_form(row, context=context))  # the part is kept so that its id stays its own
    return kept[key][1]
