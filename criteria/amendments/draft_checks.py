"""Checks of a draft's changes, each fault named by its field in the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.amendments.draft_doubts import draft_doubts
from criteria.amendments.feasibility import feasibility_issues
from criteria.amendments.parameter_input import parameter_faults
from criteria.definition.blocks import VERSION_NUMBER, source_fault
from criteria.definition.reader import BadDefinition, Edition, edition_from
from criteria.models import Amendment, ProtocolVersion, Trial
from criteria.versions.versions import edition_of, trial_row
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.values import text_fault

NUMBER_LENGTH = 20
FIRST_WHOLE_WORD = "\u2e80"  # from here on Chinese and its neighbours, where two signs are a word
LONGEST_LEAD_TIME = timedelta(366)  # a slip of the year would hold up every later amendment until then

Definition = Mapping[str, Any]


def refuse_plan(amendment: Amendment, data: Definition) -> None:
    block = data["version"]
    found = [Fault(name, message) for name in ("number", "note") if (message := text_fault(block[name]))]
    if not re.match(VERSION_NUMBER, block["number"]) or len(block["number"]) > NUMBER_LENGTH:
        message = _("“%(value)s”: a version's number has 1 to %(most)d letters, digits, points or hyphens, such as 1.3")
        found.append(Fault("number", message % {"value": block["number"], "most": NUMBER_LENGTH}))
    elif ProtocolVersion.objects.filter(trial=amendment.trial, number=block["number"]).exists():
        found.append(Fault("number", _("version %s was published before: choose another number") % block["number"]))
    elif message := number_fault(amendment, block["number"]):
        found.append(Fault("number", message))
    if message := day_fault(amendment.base, date.fromisoformat(block["effective_from"])):
        found.append(Fault("effective_from", message))
    if found:
        raise BadDefinition(found)


def number_fault(amendment: Amendment, number: str) -> str:
    """Return what is wrong with the number of a version that follows `amendment.base`; empty where nothing is.

    Numbered as that one is, and higher than every published version that is numbered so. Where that one has no number
    but a name, any other name will do.
    """
    base = amendment.base.number
    published = ProtocolVersion.objects.filter(trial=amendment.trial).values_list("number", flat=True)
    alike = [each for each in published if numbering_of(each) == numbering_of(base)]
    highest = max(alike, key=counts_in, default=base)
    words = {"value": number, "base": base, "highest": highest, "next": next_number(highest)}
    if not counts_in(base):
        return ""
    if numbering_of(number) != numbering_of(base):
        return _("“%(value)s” is not numbered as version %(base)s is: type a number such as %(next)s") % words
    if counts_in(number) <= counts_in(highest):
        return _("%(value)s is not higher than version %(highest)s: type %(next)s or a higher number") % words
    return ""


def numbering_of(number: str) -> str:
    """Return how a version is numbered: its number with a zero in place of each count."""
    return re.sub(r"[0-9]+", "0", number)


def counts_in(number: str) -> list[int]:
    return [int(count) for count in re.findall(r"[0-9]+", number)]


def next_number(number: str) -> str:
    """Return the number of the version after that one: 1.3 after 1.2; empty where it does not end in a count."""
    found = re.fullmatch(r"(.*?)([0-9]+)", number)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""


def day_fault(base: ProtocolVersion, day: date) -> str:
    """Return what is wrong with the effective date of a version after `base`; empty where nothing is.

    The past is not rewritten, and the date is at most a year ahead.
    """
    first = max(base.effective_from, timezone.localdate())
    last = first + LONGEST_LEAD_TIME
    words = {"day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
    if day < first:
        return _("%(day)s is too early: the first day possible is %(first)s") % words
    if day > last:
        return _("%(day)s is more than a year ahead: the last day possible is %(last)s") % words
    return ""


def refuse_value(edition: Edition, name: str, value: Decimal | None) -> None:
    if name not in edition.protocol.limits:
        raise BadDefinition([Fault("value", _("there is no parameter “%s”") % name)])
    if messages := parameter_faults(edition.protocol, name, value):
        raise BadDefinition([Fault("value", message) for message in messages])


def refuse_infeasible(amendment: Amendment, data: Definition, name: str) -> None:
    """Refuse values with which nobody could pass a criterion any more (BadDefinition at `value`).

    Where the other limit of a pair is to change too, that one is changed first: in between, the two leave no
    gap.
    """
    if messages := infeasible_texts(amendment, data, name):
        raise BadDefinition([Fault("value", message) for message in messages])


def infeasible_texts(amendment: Amendment, data: Definition, name: str = "") -> list[str]:
    base, draft = edition_of(amendment.base), edition_from(data)
    found = feasibility_issues(base, draft)
    if not name:  # of a single value, what it means beside others is said once all are set
        found += draft_doubts(base, draft, frozenset(each.code for each in found))
    return [each.text for each in found if each.kind == "refused" and name in ("", each.parameter)]


def refuse_other_trial(trial: Trial, block: Mapping[str, Any]) -> None:
    if block["code"] != trial.code:
        message = _("the file describes %(other)s; this is an amendment of %(code)s")
        raise BadDefinition([Fault("trial.code", message % {"other": block["code"], "code": trial.code})])
    trial_row(dict(block))  # refuses another title, registry record or planned enrolment


def refuse_source(text: str) -> None:
    if message := source_fault(text) or text_fault(text):
        raise BadDefinition([Fault("source", message)])


def refuse_unsaid_reason(reason: str) -> None:
    """Refuse a reason that is missing, faulty, or says nothing, such as “x” or “...”."""
    refuse_texts({"reason": reason}, required="reason")
    if not says_something(reason):
        message = _("“%s” gives no reason: say in words why, for example the amendment, its section and its day")
        raise BadDefinition([Fault("reason", message % reason.strip())])


def says_something(text: str) -> bool:
    """Return whether a text has a word: three letters that are not all the same, or two of a script of whole words."""
    letters = [sign for sign in text.casefold() if sign.isalpha()]
    whole_words = [sign for sign in letters if sign >= FIRST_WHOLE_WORD]
    return len(set(whole_words)) >= 2 or (len(letters) >= 3 and len(set(letters)) >= 2)


def refuse_texts(texts: Mapping[str, str], required: str) -> None:
    found = [Fault(name, message) for name, text in texts.items() if (message := text_fault(text))]
    if not texts[required].strip():
        found.append(Fault(required, _("is missing")))
    if found:
        raise BadDefinition(found)
