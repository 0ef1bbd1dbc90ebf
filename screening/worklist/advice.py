"""Advice on a failing criterion in words: what the definition declares can be done, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from criteria.evaluation.advice import Advice
from screening.visits.labels import sentence_case

MOST_NAMED = 3


def advice_text(advice: Iterable[Advice]) -> str:
    """Return what can be done, alike things together: `Start antiviral therapy, then repeat HBV DNA`."""
    groups: dict[tuple[str, str, bool, bool], list[Advice]] = {}
    for each in advice:
        groups.setdefault((each.do, each.wait, bool(each.review), each.collected_from is None), []).append(each)
    texts = list(map(course_text, groups.values()))
    told = [text for text in texts if not any(other != text and other.endswith(text) for other in texts)]
    return sentence_case("; ".join(told))


def course_text(alike: list[Advice]) -> str:
    """Return the text of what differs in nothing but in what is repeated or reviewed."""
    one, names = alike[0], names_text(chain.from_iterable((each.repeat, each.review) for each in alike))
    if one.review:
        return _("investigator to review: %(names)s") % {"names": names}
    waiting = _("then wait until %(what)s") if one.do else _("wait until %(what)s")
    steps = [step for step in (one.do, waiting % {"what": one.wait} if one.wait else "") if step]
    if names:
        steps.append((_("then repeat %(names)s") if steps else _("repeat: %(names)s")) % {"names": names})
    text, days = ", ".join(steps), [each.collected_from for each in alike if each.collected_from]
    return collected_text(text, max(days)) if days else text


def collected_text(text: str, day: date) -> str:
    return _("%(what)s from %(day)s") % {"what": text, "day": day.isoformat()}


def names_text(names: Iterable[str]) -> str:
    """Return the first few of the names, each once; blank ones are left out."""
    every = list(dict.fromkeys(filter(None, names)))
    return ", ".join(every[:MOST_NAMED]) + (" …" if len(every) > MOST_NAMED else "")
