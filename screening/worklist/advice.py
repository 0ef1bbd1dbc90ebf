"""Advice on a failing criterion in words: what the definition declares can be done, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from criteria.evaluation.needed import Advice, Choice
from criteria.evaluation.outlook import Outlook
from criteria.rules.text import list_text
from screening.models import Outcome
from screening.visits.labels import sentence_case

MOST_NAMED = 3


def advice_text(needed: Iterable[Choice]) -> str:
    """Return what can be done: alike things together, what is needed besides after `and`, a choice with `or`."""
    choices = list(needed)
    singles = [one for one, *others in choices if not others]
    told = told_once(course_text(alike, ", ".join) for alike in alike_in(singles))
    texts = [*told, *(choice_text(choice) for choice in choices if len(choice) > 1)]
    return sentence_case(_("; and ").join(dict.fromkeys(texts)))


def told_once(texts: Iterable[str]) -> list[str]:
    """Return the texts without those with which another one ends."""
    every = list(texts)
    return [text for text in every if not any(other != text and other.endswith(text) for other in every)]


def choice_text(choice: Choice) -> str:
    """Return several things of which one is enough, a record in it named once."""
    named = " ".join(each.repeat for each in choice)
    once = [each._replace(record="") if each.record and each.record in named else each for each in choice]
    texts = list(dict.fromkeys(course_text(alike, any_of) for alike in alike_in(once)))
    return any_of(texts) if not any("," in text for text in texts) else _(", or ").join(texts)


def any_of(names: Iterable[str]) -> str:
    return list_text(names, _("or"))


def alike_in(advice: Iterable[Advice]) -> list[list[Advice]]:
    """Return what differs in nothing but in what is repeated or reviewed, together."""
    groups: dict[Advice, list[Advice]] = {}
    for each in advice:
        alike = each._replace(path="", repeat="", review="review" if each.review else "")
        groups.setdefault(alike, []).append(each)
    return list(groups.values())


def course_text(alike: list[Advice], joined: Callable[[Iterable[str]], str]) -> str:
    """Return the text of what is alike: `Start antiviral therapy, then repeat HBV DNA`."""
    one = alike[0]
    names = list(dict.fromkeys(filter(None, chain.from_iterable((each.repeat, each.review) for each in alike))))
    if one.review:
        return _("investigator to review: %(names)s") % {"names": joined(names)}
    steps = [one.do, waiting_text(one)] if one.wait else [one.do]
    steps = [step for step in steps if step]
    if names:
        steps.append((_("then repeat %(names)s") if steps else _("repeat %(names)s")) % {"names": joined(names)})
    text = collected_text(", ".join(steps), one.collected_from)
    return _("%(record)s: %(text)s") % {"record": one.record, "text": text} if one.record else text


def waiting_text(advice: Advice) -> str:
    """Return what is waited for and, where a washout follows, that the wait does not end with it."""
    words = {"what": advice.wait, "time": advice.washout}
    if advice.washout:
        words["what"] = _("%(what)s; then wait %(time)s until the planned first dose") % words
    return (_("then wait until %(what)s") if advice.do else _("wait until %(what)s")) % words


def collected_text(text: str, day: date | None) -> str:
    return _("%(what)s from %(day)s") % {"what": text, "day": day.isoformat()} if day else text


def names_text(names: Iterable[str]) -> str:
    """Return the first few of the names, each once; blank ones are left out."""
    every = list(dict.fromkeys(filter(None, names)))
    return ", ".join(every[:MOST_NAMED]) + (" …" if len(every) > MOST_NAMED else "")


def failed_text(outlook: Outlook, codes: Iterable[str]) -> str:
    """Return criteria that fail, each as its category says it: `I06, I12 not met; E04 present`."""
    categories = {finding.criterion.code: finding.criterion.category for finding in outlook.findings}
    said: dict[str, list[str]] = {}
    for code in codes:
        said.setdefault(Outcome.FAIL.label_for(categories[code]), []).append(code)
    return "; ".join(f"{', '.join(found)} {words}" for words, found in said.items())
