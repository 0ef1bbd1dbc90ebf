"""The tag that shows how a rule was decided: a nested list, one item for each node of the stored trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def trace(node: Mapping[str, Any]) -> SafeString:
    """Return the trace of a condition as a list: `{% trace verdict.trace.condition %}`.

    `node` is as `criteria.rules.explain` saves it. A sheet has some 400 of them: too many for a template of their own.
    """
    words = {"true": escape(_("true")), "false": escape(_("false"))}
    return mark_safe(f'<ul class="trace">{trace_items([node], words)}</ul>')  # noqa: S308  (each text is escaped)


def trace_items(nodes: Iterable[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    """Return the HTML of the nodes; `words` has that of each truth but the unknown one."""
    return "\n".join("".join(trace_item(node, words)) for node in nodes)


def trace_item(node: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    truth = node.get("truth", "value")
    told = escape(node["value"]) if truth == "value" else words.get(truth) or escape(_("not known"))
    yield f'<li><span class="truth is-{escape(truth)}">{told}</span> '
    if of := node.get("of"):
        yield f"<em>{escape(of)}:</em> "
    yield escape(node["rule"])
    if distance := node.get("distance"):
        text = _("%(distance)s from the limit") % {"distance": distance}
        yield f' <span class="muted">({escape(text)})</span>'
    if children := node.get("children"):
        yield f"<ul>{trace_items(children, words)}</ul>"
    yield "</li>"
