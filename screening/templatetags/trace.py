"""The tag that shows how a rule was decided: a nested list, one item for each node of the stored trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def trace(node: Mapping[str, Any]) -> SafeString:
    """Return the trace of a condition as a list: `{% trace verdict.trace.condition %}`.

    `node` is as `criteria.rules.explain` saves it. A sheet has some 400 of them: too many for a template of their own.
    """
    return format_html('<ul class="trace">{}</ul>', trace_items([node]))


def trace_items(nodes: Iterable[Mapping[str, Any]]) -> SafeString:
    words = {"true": _("true"), "false": _("false"), "unknown": _("not known")}
    return format_html_join(
        "\n",
        '<li><span class="truth is-{}">{}</span> {}{}{}{}</li>',
        (
            (
                node.get("truth", "value"),
                words[node["truth"]] if "truth" in node else node["value"],
                format_html("<em>{}:</em> ", node["of"]) if node.get("of") else "",
                node["rule"],
                distance_text(node.get("distance")),
                format_html("<ul>{}</ul>", trace_items(node["children"])) if node.get("children") else "",
            )
            for node in nodes
        ),
    )


def distance_text(distance: str | None) -> SafeString | str:
    if not distance:
        return ""
    return format_html(' <span class="muted">({})</span>', _("%(distance)s from the limit") % {"distance": distance})
