"""The hidden input by which a form that is sent twice is taken once (`screening.submissions`)."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from screening.submissions.keys import KEY_INPUT, new_key

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """Render a key of its own in each form that writes, beside the token: `{% csrf_token %}{% form_key %}`."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY_INPUT, new_key())
