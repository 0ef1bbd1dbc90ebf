"""Checks of a visit document: what is implausible, what contradicts something else, what has not happened yet.

A check is not a fault: it is asked back, kept once somebody confirms it, and changes no outcome. Five sources:

* numbers outside their plausible range (`criteria.vocabulary.edit_checks`, code `plausible`);
* days in the future (`criteria.vocabulary.future`, code `future`);
* conditions answered “absent” of which something is recorded (`criteria.vocabulary.absent_entries`, code `absent`);
* the `checks` of the definition file, conditions in the rule language, each under a code of its own;
* what the caller compared with records of its own, such as the consent form versions of a site (code `consent`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules import nodes as n
from criteria.rules.dates import parse_date
from criteria.rules.evaluate import CompiledRule, compile_rule
from criteria.rules.explain import Explainer
from criteria.rules.facts import Facts, FactType, Limit, Schema, document_path
from criteria.rules.kinds import Kind
from criteria.rules.leaves import STATUS_FIELD, EnclosingRecord, LeafPlace, told_text
from criteria.rules.text import value_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, Truth
from criteria.rules.truth_source import TruthRule, compile_truths
from criteria.vocabulary.absent_entries import absent_entries
from criteria.vocabulary.check_facts import OUTCOME, REMARKED, REMARKS, TODAY, check_records
from criteria.vocabulary.edit_checks import EditCheck, content_key, edit_checks
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.future import days_ahead, known_days
from criteria.vocabulary.parts import Checklist, Records, Results, Vocabulary

INDEX = re.compile(r"\[\d+\]")
SAID_OF_RESULTS = ("analyte", "unit", "collected")  # by the name of a result
IDENTIFYING = ("text", "date")  # kinds of facts that tell a record from others of its list


@dataclass(frozen=True, eq=False)
class Check:
    """One check of a definition: a condition under which somebody has probably made a mistake.

    `facts` are the paths that it concerns, also where nothing is known of them; `criteria` the codes that it
    touches. `message` may be several, one for each alternative of the rule.
    """

    code: str
    message: str | tuple[str, ...]
    rule: n.Node
    kinds: Mapping[int, Kind]
    facts: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()

    @cached_property
    def outcomes_read(self) -> frozenset[str]:
        """The codes of the criteria whose outcome the check reads."""
        return frozenset(path.removeprefix(OUTCOME) for path in self.facts_read if path.startswith(OUTCOME))

    @cached_property
    def facts_read(self) -> frozenset[str]:
        return frozenset(fact.path for fact in n.facts_in(self.rule))

    @cached_property
    def keys(self) -> frozenset[str] | None:
        """The keys of the document that the check can concern; None where that can be all of them."""
        nodes = list(n.subtrees(self.rule))
        if any(isinstance(node, n.SomeDay) for node in nodes):
            return None
        lists = (node.records for node in nodes if isinstance(node, n.OnRecords))
        absolute = (path for path in self.facts_read if not path.startswith((".", OUTCOME)))
        return frozenset(path.partition(".")[0] for path in (*absolute, *lists, *self.facts))

    def message_at(self, alternative: int) -> str:
        """Return what is asked where an alternative of the rule is the reason."""
        return self.message if isinstance(self.message, str) else self.message[alternative]

    def concerns(self, keys: frozenset[str] | None) -> bool:
        return keys is None or self.keys is None or not keys.isdisjoint(self.keys)


class CheckList(NamedTuple):
    """The checks of a version, with the schema and the limits for which their rules are written."""

    checks: tuple[Check, ...]
    schema: Schema
    limits: Mapping[str, Limit]


@dataclass(frozen=True)
class CheckContext:
    """What a check may know beside the document.

    `today` is the day in the site's time zone; `remarks` are facts of laboratory results by index, which the
    caller found out (`criteria.vocabulary.check_facts.REMARKS`); `asked` are the checks that it raises itself. Checks
    that concern none of `keys`, those of the document that matter to the caller, may be left out; None leaves out none.
    """

    today: date
    remarks: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    asked: tuple[EditCheck, ...] = ()
    keys: frozenset[str] | None = None


class Ground(NamedTuple):
    """One fact on which a raised check rests: its path in the document, the record around it, its value in words.

    `identity` tells the record from others wherever it is in its list: the texts and days in it. A question that
    nobody has answered is a ground, too; of a record something was answered. `told` is how people read it, blank where
    the name of the record says it; a check stays the same check when that changes.
    """

    path: str
    record: str
    words: str
    identity: tuple[str, ...] = ()
    is_answered: bool = True
    told: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        return (INDEX.sub("[]", self.path), self.words, *self.identity)


class DocumentPlaces:
    """Where in a document its facts are: the results that count by test, and what is known of a day by its path."""

    def __init__(self, vocabulary: Vocabulary, document: Mapping[str, Any]) -> None:
        self.vocabulary = vocabulary
        self.document = document

    @cached_property
    def counting(self) -> dict[str, dict[str, int]]:
        return {
            part.key: counting_indexes(self.document.get(part.key) or ())
            for part in self.vocabulary.parts.values()
            if isinstance(part, Results) and isinstance(self.document.get(part.key), list)
        }

    @cached_property
    def days(self) -> dict[str, Ground]:
        return {
            path: Ground(path, self.title(path), words := f"{field.label} {days.text}", told=words)
            for path, field, days in known_days(self.vocabulary, self.document)
        }

    def title(self, path: str) -> str:
        """Return what surrounds a field, such as `therapy 1`; empty where its label says it all."""
        key, _bracket, rest = path.partition("[")
        part = self.vocabulary.parts.get(key)
        if not rest or part is None:
            return ""
        index = int(rest.partition("]")[0])
        if isinstance(part, Checklist):
            return part.conditions[self.document[key][index]["condition"]].label
        return f"{part.item if isinstance(part, Records) else part.title} {index + 1}"

    def of_result(self, path: str) -> str:
        """Return the path in the document of the result that counts: `labs.hcv_rna` is `labs[3].value`."""
        key, _dot, rest = path.partition(".")
        if key not in self.counting:
            return path
        analyte, _dot, name = rest.partition(".")
        index = self.counting[key].get(analyte)
        return path if index is None else f"{key}[{index}].{name or 'value'}"


class CheckRunner:
    """The checks of one protocol version, ready to run; they never see, and never change, an outcome in use."""

    def __init__(self, vocabulary: Vocabulary, listed: CheckList) -> None:
        self.vocabulary = vocabulary
        self.listed = listed
        self.explainer = Explainer(listed.schema, listed.limits)

    def compile(self) -> None:
        """Compile the checks at once."""
        _ = self.truths, self.traced_rules

    @cached_property
    def truths(self) -> list[TruthRule]:
        """The functions that say whether each check is raised."""
        rules = [(check.rule, check.kinds) for check in self.listed.checks]
        return compile_truths(rules, self.listed.schema, self.listed.limits)

    @cached_property
    def traced_rules(self) -> list[CompiledRule]:
        """The rules that give the trace of each check, which a raised one is told by."""
        schema, limits = self.listed.schema, self.listed.limits
        return [compile_rule(check.rule, schema, limits, check.kinds) for check in self.listed.checks]

    def outcomes_read(self, keys: frozenset[str] | None) -> frozenset[str]:
        """Return the codes of the criteria whose outcome some check that concerns `keys` reads."""
        concerning = (check for check in self.listed.checks if check.concerns(keys))
        return frozenset(code for check in concerning for code in check.outcomes_read)

    def reads_remarks(self, keys: frozenset[str] | None) -> bool:
        """Return whether a check that concerns `keys` reads a remark on a result."""
        concerning = (check for check in self.listed.checks if check.concerns(keys))
        return any(path.lstrip(".") in REMARKS for check in concerning for path in check.facts_read)

    def run(
        self, document: Mapping[str, Any], facts: Facts, outcomes: Mapping[str, str], context: CheckContext
    ) -> tuple[EditCheck, ...]:
        """Return every check that a valid document raises; those that cannot be decided are silent.

        Those that concern none of the context's keys may be left out. `outcomes` holds those of `outcomes_read`.
        """
        today = context.today.isoformat()
        known = Facts(
            {**facts.values, TODAY: parse_date(today), **{f"{OUTCOME}{code}": one for code, one in outcomes.items()}},
            {**facts.records, **check_records(self.vocabulary, document, context.remarks)},
            facts.is_reviewed,
        )
        places = DocumentPlaces(self.vocabulary, document)
        entered = {key: document[key] for key in document if context.keys is None or key in context.keys}
        found = [
            *edit_checks(self.vocabulary, entered),
            *(named_check(each, places) for each in days_ahead(self.vocabulary, entered, context.today)),
            *absent_entries(self.vocabulary, document),
            *context.asked,
        ]
        for index, check in enumerate(self.listed.checks):
            if check.concerns(context.keys) and self.truths[index](known, None) is TRUE:
                trace = self.traced_rules[index](known, None)
                for at, part in enumerate(trace.children if isinstance(trace.node, n.AnyOf) else [trace]):
                    if part.truth is TRUE:
                        found.extend(self.checks_of(check, at, part, places))
        return number_twins(found)

    def checks_of(self, check: Check, alternative: int, trace: Trace, places: DocumentPlaces) -> Iterator[EditCheck]:
        """Yield what one alternative of a check raises."""
        for occurrence, place in self.occurrences(trace, ()):
            grounds = tuple(self.grounds(occurrence, TRUE, place, places))
            texts = [*self.computed_texts(occurrence, place), grounds_text(grounds)]
            found = "; ".join(text for text in dict.fromkeys(texts) if text)
            yield self.edit_check(check, grounds, found, check.message_at(alternative))

    def computed_texts(self, trace: Trace, place: LeafPlace) -> Iterator[str]:
        """Yield in words the values that were computed and that a condition rests on: a clearance, an age."""
        node, leaves = trace.node, self.explainer.leaves
        if isinstance(node, n.Compare) and isinstance(node.left, n.Formula | n.Age) and trace.truth is TRUE:
            value, limit = trace.operands
            kind = leaves.left_type(node.left, place)
            yield told_text(kind, leaves.left_text(value, kind, limit))
        elif isinstance(node, n.AllOf | n.AnyOf | n.Named | n.IfKnown):
            for child in trace.children:
                yield from self.computed_texts(child, place)

    def edit_check(self, check: Check, grounds: tuple[Ground, ...], found: str, message: str) -> EditCheck:
        paths = tuple(dict.fromkeys(ground.path for ground in grounds)) or check.facts
        return EditCheck(
            paths[0] if paths else "",
            content_key(check.code, [list(ground.content) for ground in grounds]),
            found,
            message,
            check.code,
            paths,
            check.criteria,
            tuple(dict.fromkeys(ground.path for ground in grounds if not ground.is_answered)),
        )

    def occurrences(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[Trace, LeafPlace]]:
        """Yield the parts of a true condition that are each a reason of their own: alternatives, and records."""
        match trace.node:
            case n.AnyOf():
                for child in trace.children:
                    if child.truth is TRUE:
                        yield from self.occurrences(child, place)
            case n.Named():
                yield from self.occurrences(trace.children[0], place)
            case n.Some():
                for inner, child in self.explainer.placed_children(trace, place):
                    if child.truth is TRUE:
                        yield child, inner
            case n.SomeDay():
                limit, earlier = trace.operands
                for path in earlier:
                    yield Trace(trace.node, TRUE, (limit, (path,))), place
            case _:
                yield trace, place

    def grounds(self, trace: Trace, truth: Truth, place: LeafPlace, places: DocumentPlaces) -> Iterator[Ground]:
        """Yield the facts that make a condition true, or false, as it is."""
        match trace.node:
            case n.Not():
                yield from self.grounds(trace.children[0], ~truth, place, places)
            case n.Some(name) if truth is FALSE:
                yield from self.absence_grounds(name, trace, place)
            case n.AllOf() | n.AnyOf() | n.AtLeast() | n.Named() | n.IfKnown() | n.Some() | n.Latest():
                for inner, child in self.explainer.placed_children(trace, place):
                    if child.truth is truth:
                        yield from self.grounds(child, truth, inner, places)
            case n.SomeDay():
                yield from (places.days[path] for path in trace.operands[1])
                yield from self.leaf_grounds(trace, place, places)
            case _:
                yield from self.leaf_grounds(trace, place, places)
                yield from self.value_grounds(trace, place, places)

    def value_grounds(self, trace: Trace, place: LeafPlace, places: DocumentPlaces) -> Iterator[Ground]:
        """Yield the facts on which values that depend on conditions rest: of each condition that holds."""
        for value in trace.children:
            for inner, child in self.explainer.placed_children(value, place):
                if child.truth is TRUE and not isinstance(child.node, n.Conditional):
                    yield from self.grounds(child, TRUE, inner, places)

    def absence_grounds(self, name: str, trace: Trace, place: LeafPlace) -> Iterator[Ground]:
        """Yield what shows that there is no such record: the entries of a condition, or the list as a whole."""
        kind = self.explainer.schema.records[name]
        if kind.absence != "asked":
            yield Ground(name, "", kind.label, told=_("no such %(item)s") % {"item": kind.item})
            return
        for record in trace.operands[0]:
            status = record.get("status")
            word = value_text(status, kind.fields["status"])
            words = f"{kind.label} {word}"
            told = _("%(condition)s: %(status)s") % {"condition": kind.label, "status": word}
            yield Ground(f"{document_path(name, record)}.status", "", words, told=told)

    def leaf_grounds(self, trace: Trace, place: LeafPlace, places: DocumentPlaces) -> Iterator[Ground]:
        leaves = self.explainer.leaves
        for fact, value in leaves.used_facts(trace):
            if fact.path == TODAY or fact.path.startswith(OUTCOME):
                continue
            depth = len(fact.path) - len(fact.path.lstrip("."))
            if depth:
                yield record_ground(place[depth - 1], fact.path.lstrip("."))
            else:
                kind = leaves.type_of(fact, place)
                words = f"{kind.label} {value_text(value, kind)}"
                told = answer_words(kind, value)
                yield Ground(places.of_result(fact.path), "", words, is_answered=value is not None, told=told)


def record_ground(around: EnclosingRecord, name: str) -> Ground:
    """Return one field of a record; a remark on a laboratory result stands for the value that it is about."""
    name = REMARKED.get(name, name)
    kind, value = around.type.fields[name], around.record.get(name)
    words = f"{kind.label} {value_text(value, kind)}"
    return Ground(f"{around.at}.{name}", around.label, words, record_identity(around), told=told_words(around, name))


def told_words(around: EnclosingRecord, name: str) -> str:
    """Return one field of a record as people read it beside the record's name; blank where that says it."""
    kind, value = around.type.fields[name], around.record.get(name)
    is_result = "analyte" in around.type.fields
    if (is_result and name in SAID_OF_RESULTS) or (around.type.absence == "asked" and f".{name}" == STATUS_FIELD):
        return ""
    if is_result and name == "value":
        return value_text(value, kind)
    if is_result and name == "comparator" and value is None:
        return _("no “<” or “>”")
    return answer_words(kind, value)


def answer_words(kind: FactType, value: Any) -> str:
    """Return an answer after its question, as people read it: a choice after a colon, a number or a day at once."""
    template = "%(label)s: %(answer)s" if kind.options or value is None else "%(label)s %(answer)s"
    return template % {"label": kind.label, "answer": value_text(value, kind)}


def named_check(check: EditCheck, places: DocumentPlaces) -> EditCheck:
    """Return the check of a day with the record around it in its name."""
    record = places.title(check.path)
    return check._replace(label=f"{record}, {check.label}") if record else check


def record_identity(around: EnclosingRecord) -> tuple[str, ...]:
    """Return the texts and days of a record, which tell it from others, in the order of its fields."""
    known = ((fact, around.record.get(name)) for name, fact in around.type.fields.items())
    return tuple(value_text(value, fact) for fact, value in known if value is not None and fact.kind in IDENTIFYING)


def number_twins(found: Iterable[EditCheck]) -> tuple[EditCheck, ...]:
    """Give a key of its own to the second of two checks with the same content, and drop what was found twice."""
    times: dict[str, list[tuple[str, ...]]] = {}
    numbered = []
    for check in found:
        same = times.setdefault(check.key, [])
        if check.all_paths in same:
            continue
        same.append(check.all_paths)
        numbered.append(check if len(same) == 1 else check._replace(key=f"{check.key} ({len(same)})"))
    return tuple(numbered)


def grounds_text(grounds: Iterable[Ground]) -> str:
    """Return the grounds in words, those of one record together."""
    texts: dict[str, list[str]] = {}
    for ground in grounds:
        of_record = texts.setdefault(ground.record, [])
        if ground.told and ground.told not in of_record:
            of_record.append(ground.told)
    told = ((record, ", ".join(words)) for record, words in texts.items())
    return "; ".join(f"{record}: {words}" if record and words else record or words for record, words in told)
