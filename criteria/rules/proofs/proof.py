"""The proof of an outcome: the values, dates and limits that decided it, as sentences on one line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from criteria.rules import nodes as n
from criteria.rules.decisive import deciding_parts
from criteria.rules.facts import RecordsType
from criteria.rules.leaves import EnclosingRecord, LeafExplainer, LeafPlace, enter_record, kind_field
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.clear import clear_text
from criteria.rules.proofs.leaf_reasons import LeafReasons, is_status
from criteria.rules.proofs.limits import period_text
from criteria.rules.proofs.parts import asks_day, context_texts, has_missing, lies_after, parts_told, undecided_text
from criteria.rules.proofs.reasons import (
    Answer,
    Elapsed,
    InContext,
    NamedCondition,
    OfRecord,
    Reason,
    Told,
    Undecided,
    merge_reasons,
    reason_texts,
    requests_in,
)
from criteria.rules.text import days_text, limit_text, list_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

ABSENT = "absent"  # the status of a condition that the subject never had


class ProofWriter:
    """Writer of the proofs of one protocol's criteria; `excluding` of those that fail."""

    def __init__(self, leaves: LeafExplainer, *, excluding: bool = True) -> None:
        self.leaves = leaves
        self.schema = leaves.schema
        self.excluding = excluding
        self.of_leaves = LeafReasons(leaves, excluding=excluding)

    @cached_property
    def unexcluding(self) -> ProofWriter:
        return ProofWriter(self.leaves, excluding=False)

    def proof(self, applies: Trace | None, condition: Trace, outcome: str, wanted: Truth) -> str:
        """Return the proof of an outcome; `wanted` is the truth of the condition that lets a subject take part."""
        if self.excluding and outcome != "fail":
            return self.unexcluding.proof(applies, condition, outcome, wanted)
        if outcome == "not_applicable" and applies:
            return s.sentences_text([s.NOT_APPLICABLE, *self.texts(applies, FALSE)])
        found = self.texts(condition, wanted)
        if outcome == "unknown" and applies and applies.truth is UNKNOWN:
            return s.sentences_text([*self.texts(applies, FALSE), *self.then_texts(applies, condition, wanted, found)])
        if outcome == "fail":
            found.extend(clear_text(self.of_leaves, condition, wanted))
        return s.sentences_text(found)

    def then_texts(self, applies: Trace, condition: Trace, wanted: Truth, found: list[str]) -> list[str]:
        """Return what a criterion comes out as, if it applies."""
        if not found:
            return []
        template = s.FAILS_IF_IT_APPLIES if condition.truth is ~wanted else s.IF_IT_APPLIES
        named = list(dict.fromkeys(self.open_conditions(applies)))
        words = s.IT_APPLIES_TO % {"condition": list_text(named, "and")} if all(named) else s.IT_APPLIES
        return [template % {"condition": words, "reasons": s.NEXT_REASON.join(found)}]

    def open_conditions(self, trace: Trace) -> Iterator[str]:
        """Yield in words what has to be so for an undecided condition to hold; blank where no answer alone says it."""
        match trace.node:
            case n.AllOf():
                for child in trace.children:
                    if child.truth is UNKNOWN:
                        yield from self.open_conditions(child)
            case n.OneOf(arg, options):
                fact = self.leaves.type_of(arg, ())
                yield list_text(fact.phrases.get(code, fact.options[code]) for code in options)
            case _:
                yield ""

    def texts(self, trace: Trace, wanted: Truth) -> list[str]:
        found = self.reasons(trace, wanted, ())
        return [*reason_texts(found), *dict.fromkeys(requests_in(found))]

    def reasons(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        """Return the reasons for the truth of a condition: those of its parts that decided it."""
        if not trace.children and not isinstance(trace.node, n.Some):
            return self.of_leaves.reasons(trace, wanted, place)
        match trace.node:
            case n.Not():
                return self.reasons(trace.children[0], ~wanted, place)
            case n.Named(label) if trace.truth is TRUE:
                return self.named_reasons(label, trace.children[0], wanted, place)
            case n.Named(label, n.Some()) if trace.truth is FALSE is wanted and place:
                others = [each for each in trace.children[0].operands[0] if each is not place[0].record]
                return [Told(s.NO_SUCH % {"name": label})] if others else []
            case n.AnyOf() if repeat := self.repeat_reason(trace, place):
                return [repeat]
            case n.AllOf() | n.AnyOf() | n.Named() | n.IfKnown():
                return self.joined_reasons(trace, wanted, place)
            case n.AtLeast():
                return self.enough_reasons(trace, wanted, place)
            case n.Compare() if trace.children:
                found = self.of_leaves.reasons(trace, wanted, place)
                return [*found, *(reason for value in trace.children for reason in self.value_reasons(value, place))]
            case n.Some() as node:
                return list(self.some_reasons(node, trace, wanted, place))
            case n.Latest() as node:
                return self.latest_reasons(node, trace, wanted, place)
            case _:
                return self.of_leaves.reasons(trace, wanted, place)

    def joined_reasons(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        """Return the reasons of the parts that decided; two limits of one value are met both, or one of them.

        Where an entry of the history is enough by being current, its label says so, and its days do not matter. What
        is in order does not keep an outcome unknown; beside a judgement, and of a record, it is told all the same.
        """
        parts = deciding_parts(trace, wanted)
        if trace.truth is UNKNOWN and not place and not any(isinstance(part.node, n.Judgement) for part in parts):
            parts = [part for part in parts if part.truth is not wanted]
        if isinstance(trace.node, n.AnyOf) and trace.truth is TRUE:
            parts = [part for part in parts if is_status(part.node, place)] or parts
        parts = parts_told(self.leaves, parts, trace, wanted, place)
        found = [reason for part in parts for reason in self.part_reasons(part, (trace, parts), wanted, place)]
        found = merge_reasons(found, every=isinstance(trace.node, n.AllOf) == (wanted is TRUE))
        return self.in_context(found, trace, wanted, place)

    def in_context(self, found: list[Reason], trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        """Return the reasons for which something does not exclude after what would exclude without them.

        That is what the rule asks first. Within a record that has such a reason already, it stands beside.
        """
        if isinstance(trace.node, n.AllOf) and trace.truth is TRUE is not wanted and not place:
            return self.after_the_first(found, trace)
        if not (isinstance(trace.node, n.AllOf) and trace.truth is FALSE is wanted and found):
            return found
        kept = next(at for at, child in enumerate(trace.children) if child.truth is FALSE)
        holding = [each for each in trace.children[:kept] if each.truth is TRUE and not isinstance(each.node, n.Not)]
        context = [reason for each in holding for reason in self.unexcluding.reasons(each, FALSE, place)]
        texts = tuple(context_texts(context, found))
        template = s.BUT
        if isinstance(trace.children[kept].node, n.Not):
            template = s.ALLOWED_WITHIN if place else s.BUT_ALLOWED
        match found:
            case [InContext(inner, reasons, within)] if not place:
                return [InContext((*texts, *inner), reasons, within)]
        if not texts or any(isinstance(each, InContext) for each in found):
            return [*map(Told, texts), *found]
        return [InContext(texts, tuple(found), template)]

    def after_the_first(self, found: list[Reason], trace: Trace) -> list[Reason]:
        """Return the reasons that exclude together after the answer that the rule asks first, if it is an answer."""
        first = self.reasons(trace.children[0], FALSE, ())
        rest = tuple(each for each in found if each not in first)
        if not (first and rest and all(isinstance(each, Told) for each in first)):
            return found
        return [InContext(tuple(each.text for each in first), rest, s.AND_SO)]

    def repeat_reason(self, trace: Trace, place: LeafPlace) -> Reason | None:
        """Return that a finding is too old, where a person has to repeat it and nothing else is open."""
        match trace.children:
            case [window, judged] if isinstance(judged.node, n.Judgement) and trace.truth is UNKNOWN:
                return self.of_leaves.too_old_reason(window, place)
        return None

    def part_reasons(
        self, part: Trace, whole: tuple[Trace, list[Trace]], wanted: Truth, place: LeafPlace
    ) -> list[Reason]:
        """Return the reasons of one of several parts.

        A question whose answer leads to another part, where something else is asked, is told without what would do.
        Of several exceptions to what excludes a record, none is told where none applies.
        """
        trace, parts = whole
        is_exception = isinstance(part.node, n.Not) and isinstance(part.node.arg, n.AnyOf)
        if place and is_exception and part.truth is TRUE and wanted is FALSE and len(parts) > 1:
            return [Told(s.NO_EXCEPTION)]
        if place and part.truth is TRUE and wanted is FALSE and self.excluding:
            alone = isinstance(trace.node, n.AnyOf)
            if told := self.of_leaves.excluding_answer(part, place, alone=alone):
                return [told]
        if wanted is FALSE and lies_after(part) and any(isinstance(each.node, n.OneOf) for each in parts):
            day = self.of_leaves.reasons(part, wanted, place)
            return [Told(each.found) for each in day if isinstance(each, Elapsed)]
        if isinstance(part.node, n.OneOf) and part.truth is FALSE is not wanted:
            path = part.node.arg.path
            leading = [other for other in parts if any(leads_here(child, path) for child in other.children)]
            if any(asks_day(self.leaves, path, other.children, place) for other in leading):
                return []
            if leading:
                return [self.of_leaves.fact_reason(part.node.arg, part.operands[0], place)]
        return self.reasons(part, wanted, place)

    def named_reasons(self, label: str, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        """Return the name of a condition on a record with the reasons for which it holds, one way of several.

        A single reason says as much without the name, and so do those of a condition on the visit. Within a record of
        an inner list the name is enough; of a condition on other records, the name and which they are.
        """
        if not place:
            return self.reasons(trace, wanted, place)
        if len(place) > 1:
            return [NamedCondition(label, ())]
        if isinstance(trace.node, n.Some):
            found = self.deciding_records(trace.node, trace, place)
            days = ((at.label, at.day) for at in found)
            named = (s.RECORD_ON_DAY % {"record": at, "day": day} if day else at for at, day in days)
            records = s.NEXT_LABEL.join(named)
            return [Told(s.ANSWER % {"label": label, "answer": records})]
        inner = self.reasons(trace, TRUE, place)
        return [NamedCondition(label, tuple(inner))] if len(inner) > 1 else inner

    def deciding_records(self, node: n.Some, trace: Trace, place: LeafPlace) -> Iterator[EnclosingRecord]:
        records, kind = trace.operands[0], self.schema.records[node.records]
        for record, child in zip(records, trace.children, strict=True):
            if child.truth is trace.truth:
                yield enter_record(place, node.records, kind, record, records)[0]

    def enough_reasons(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        """Return how many conditions hold of how many that are needed, and the reasons of those that decided."""
        holding = sum(child.truth is TRUE for child in trace.children)
        open_parts = sum(child.truth is UNKNOWN for child in trace.children)
        words = {"found": holding, "of": len(trace.children), "needed": trace.operands[0], "open": open_parts}
        told = Told((s.ENOUGH_OPEN if open_parts else s.ENOUGH) % words)
        parts = deciding_parts(trace, wanted)
        return [told, *merge_reasons(reason for part in parts for reason in self.reasons(part, wanted, place))]

    # Values that depend on conditions

    def value_reasons(self, trace: Trace, place: LeafPlace) -> list[Reason]:
        """Return what counted in such a value, and what keeps it from being known."""
        node = trace.node
        if isinstance(node, n.Count | n.Aggregate):
            return self.counted_reasons(node, trace, place)
        parts = trace.children
        if isinstance(node, n.Case):
            parts = trace.children[: len(node.conditions)]
            first = next((part for part in parts if part.truth is TRUE), None)
            parts = (*(part for part in parts if part.truth is UNKNOWN), *((first,) if first else ()))
        told = [part for part in parts if part.truth is not FALSE] or parts
        found = [reason for part in told for reason in self.reasons(part, TRUE, place)]
        inner = [each for each in trace.children if isinstance(each.node, n.Conditional)]
        return [*found, *(reason for each in inner for reason in self.value_reasons(each, place))]

    def counted_reasons(self, node: n.Count | n.Aggregate, trace: Trace, place: LeafPlace) -> list[Reason]:
        records, _value, complete = trace.operands
        kind = self.schema.records[node.records]
        placed = [
            (enter_record(place, node.records, kind, record, records), child)
            for record, child in zip(records, trace.children, strict=True)
        ]
        labels = [inner[0].label for inner, child in placed if child.truth is TRUE]
        found: list[Reason] = [Told(s.COUNTED % {"records": s.NEXT_LABEL.join(labels)})] if labels else []
        for inner, child in placed:
            found += self.unknown_fields(node, child, inner)
            if child.truth is UNKNOWN:
                found.append(OfRecord(inner[0].label, inner[0].at, tuple(self.reasons(child, TRUE, inner))))
        if not complete:
            words = {"item": kind.item, "list": kind.label}
            found.append(
                Answer(kind.label, s.NOT_ASKED) if kind.absence == "asked" else Told(s.LIST_NOT_CONFIRMED % words)
            )
        return found

    def unknown_fields(self, node: n.Count | n.Aggregate, trace: Trace, place: LeafPlace) -> list[Reason]:
        """Return what is not known of a record that counts, of the fields that are added up."""
        if not isinstance(node, n.Aggregate) or trace.truth is FALSE:
            return []
        answers = tuple(
            self.of_leaves.missing(fact, place) for fact in self.leaves.missing_in_record(node.value, place)
        )
        return [OfRecord(place[0].label, place[0].at, answers)] if answers else []

    # Lists of records

    def some_reasons(self, node: n.Some, trace: Trace, wanted: Truth, place: LeafPlace) -> Iterator[Reason]:
        """Yield a reason for each record that decided, and what proves the absence of records.

        A list without a deciding record: whether it was confirmed complete. A condition of the history: whether
        it was asked.
        """
        records = trace.operands[0]
        kind = self.schema.records[node.records]
        if kind.absence == "asked" and not records:
            yield Answer(kind.label, s.NOT_ASKED)
            return
        chosen = [
            (record, child) for record, child in zip(records, trace.children, strict=True) if child.truth is trace.truth
        ]
        if isinstance(node.where, n.Named) and trace.truth is FALSE is wanted and records:
            template = s.NONE_IS_CONFIRMED if kind.absence == "reviewed" else s.NONE_IS
            yield Told(template % {"item": kind.item, "name": node.where.label})
            return
        if (
            isinstance(node.where, n.Named)
            and kind.absence != "asked"
            and not place
            and wanted is TRUE is not trace.truth
        ):
            yield from self.none_is(node, node.where.label, trace, kind)
            return
        if isinstance(node.where, n.Named) and kind.absence != "asked" and not place and trace.truth is UNKNOWN:
            yield from self.undecided_records(node, node.where.label, trace, wanted)
            if not trace.operands[1]:
                yield from self.absence_reasons(trace, node, kind, place)
            return
        if trace.truth is wanted is TRUE:
            chosen = chosen[:1]
        for record, child in chosen:
            if not any(at.record is record for at in place):
                yield from self.record_reasons(child, wanted, enter_record(place, node.records, kind, record, records))
        yield from self.absence_reasons(trace, node, kind, place)

    def none_is(self, node: n.Some, name: str, trace: Trace, kind: RecordsType) -> Iterator[Reason]:
        """Yield that no record is what is needed, and why each is not or, of what may be one, what is not known."""
        records, complete = trace.operands
        if trace.truth is UNKNOWN:
            yield from self.undecided_records(node, name, trace, TRUE)
            if not complete:
                yield Told(s.LIST_NOT_CONFIRMED % {"list": kind.label})
            return
        confirmed = kind.absence == "reviewed"
        if not records:
            none = (s.NO_RECORD_CONFIRMED if confirmed else s.NO_RECORD) % {"item": kind.item}
            yield Told(s.NO_RECORD_SO_NONE_IS % {"none": none, "name": name})
            return
        yield Told((s.NONE_IS_CONFIRMED if confirmed else s.NONE_IS) % {"item": kind.item, "name": name})
        for record, child in zip(records, trace.children, strict=True):
            yield from self.record_reasons(child, TRUE, enter_record((), node.records, kind, record, records))

    def undecided_records(self, node: n.Some, name: str, trace: Trace, wanted: Truth) -> Iterator[Reason]:
        """Yield of which records it is not known whether they are what a name says, and what is missing.

        One of which that depends on another record alone is not told beside that one.
        """
        records, kind = trace.operands[0], self.schema.records[node.records]
        waiting: list[Reason] = []
        told = False
        for record, child in zip(records, trace.children, strict=True):
            if child.truth is not UNKNOWN:
                continue
            here = enter_record((), node.records, kind, record, records)
            inner = self.reasons(child, wanted, here)
            own = [each for each in inner if not (isinstance(each, OfRecord) and each.beside)]
            open_text = undecided_text(own or inner)
            reason = Undecided(here[0].label, open_text, name)
            if has_missing(own) or not has_missing(inner):
                told = True
                yield reason
            else:
                waiting.append(reason)
        yield from () if told else waiting

    def record_reasons(self, trace: Trace, wanted: Truth, place: LeafPlace) -> Iterator[Reason]:
        """Yield why a record decided; an entry of the history that says nothing more is an answer.

        A record that waits for nothing but an open list is not named.
        """
        here, inner = place[0], self.reasons(trace, wanted, place)
        status, is_history = here.record.get("status"), here.type.absence == "asked"
        if inner and is_history and not status:
            yield Answer(here.type.label, s.STATUS_NOT_KNOWN)
        elif inner:
            outer = [reason for reason in inner if isinstance(reason, Answer) and reason.outer]
            yield from (reason._replace(outer=False) for reason in outer)
            if own := tuple(reason for reason in inner if reason not in outer):
                yield OfRecord(here.label, here.at, own, beside=len(place) > 1)
        elif (here.day and status and status != ABSENT) or (here.day and not is_history):
            text = s.RECORD_ON_DAY % {"record": here.label, "day": here.day}
            yield Told(text if is_history or trace.truth is not FALSE else s.DOES_NOT_COUNT % {"record": text})
        elif is_history:
            statuses = here.type.fields["status"].options
            yield Answer(here.type.label, statuses[status] if status else s.STATUS_NOT_KNOWN)
        elif trace.truth is not UNKNOWN:
            yield Told(here.label)

    def absence_reasons(self, trace: Trace, node: n.Some, kind: RecordsType, place: LeafPlace) -> Iterator[Reason]:
        """Yield what proves, or does not yet prove, that there is no such record.

        An inner list leaves this to the outer one.
        """
        records, complete = trace.operands
        if kind.absence == "asked" or (records and any(at.type is kind for at in place)):
            return
        words = {"item": kind.item, "list": kind.label}
        is_confirmed = kind.absence == "reviewed"
        if node.other:
            yield Told(s.NO_OTHER_RECORD % words)
        elif trace.truth is UNKNOWN and not complete:
            yield Told(s.LIST_NOT_CONFIRMED % words)
        elif trace.truth is FALSE and records:
            yield Told((s.NO_OTHER_RECORD_CONFIRMED if is_confirmed else s.NO_OTHER_RECORD) % words)
        elif trace.truth is FALSE:
            yield Told((s.NO_RECORD_CONFIRMED if is_confirmed else s.NO_RECORD) % words)

    def latest_reasons(self, node: n.Latest, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        records, chosen, undated, closed = trace.operands
        kind = self.schema.records[node.records]
        *candidates, outcome = trace.children
        if not closed:
            return [Told(s.LIST_NOT_CONFIRMED % {"list": kind.label})]
        for record, child in zip(records, candidates, strict=True):
            inner = enter_record(place, node.records, kind, record, records)
            if child.truth is UNKNOWN:
                return [OfRecord(inner[0].label, inner[0].at, tuple(self.reasons(child, TRUE, inner)))]
            if record is chosen and not undated:
                found = self.reasons(outcome, wanted, inner)
                counted = (*found[:1], *self.days_counted(child, inner), *found[1:])
                return [OfRecord(inner[0].label, inner[0].at, counted)]
        if undated:
            places = [enter_record(place, node.records, kind, each, records) for each in undated]
            return [OfRecord(inner[0].label, inner[0].at, (self.undated_reason(node, inner),)) for inner in places]
        none_found = self.none_within(node, kind, trace, place) if isinstance(outcome.node, n.Judgement) else []
        return [*none_found, *self.reasons(outcome, wanted, place)]

    def none_within(self, node: n.Latest, kind: RecordsType, trace: Trace, place: LeafPlace) -> list[Reason]:
        """Return that there is no record within the window in which one would count, and which was the last."""
        for window in n.subtrees(node.where):
            if isinstance(window, n.Within) and (length := self.leaves.limits[window.period.name]).value is not None:
                words = {"item": kind.item, "period": limit_text(length), "direction": window.direction}
                anchor = self.of_leaves.anchor(window.anchor, ())
                none = s.NONE_WITHIN % {**words, "anchor": anchor.label}
                last = self.last_record(node, kind, trace, place)
                return [Told(s.THE_LAST_RECORD % {"none": none, "record": last} if last else none)]
        return [Told(s.NO_RECORD % {"item": kind.item})]

    def last_record(self, node: n.Latest, kind: RecordsType, trace: Trace, place: LeafPlace) -> str:
        """Return the latest of all records with its day and its answers; blank where none has a day."""
        records, by = trace.operands[0], node.by.path.lstrip(".")
        dated = [record for record in records if record.get(by) is not None]
        if not dated:
            return ""
        last = max(dated, key=lambda record: record[by].high)
        here = enter_record(place, node.records, kind, last, records)
        named = kind_field(kind)
        codes = [key for key, fact in kind.fields.items() if fact.kind == "code" and key != named and last.get(key)]
        answers = (self.of_leaves.fact_reason(n.Fact(f".{key}"), last[key], here).text for key in codes)
        return s.NEXT_LABEL.join([here[0].label, *answers, days_text(last[by])])

    def days_counted(self, trace: Trace, place: LeafPlace) -> list[Reason]:
        """Return the windows by which a record counts, which stand after what it says."""
        found = [each for each in self.reasons(trace, TRUE, place) if isinstance(each, Elapsed)]
        return [Told(counted_text(each)) for each in found]

    def undated_reason(self, node: n.Latest, place: LeafPlace) -> Reason:
        return self.of_leaves.fact_reason(node.by, place[0].record.get(node.by.path.lstrip(".")), place)


def counted_text(time: Elapsed) -> str:
    """Return the time by which a record counts, with the length of the window within which it has to be."""
    if len(time.needs) != 1 or time.needs[0].template != s.ALLOWED:
        return time.text
    need = time.needs[0]
    period = period_text(need.number, need.unit, bare=False)
    return s.COUNTED_WITHIN % {"reason": time._replace(needs=()).text, "period": period}


def leads_here(trace: Trace, path: str) -> bool:
    """Return whether a question about the same fact was answered so that another part of a rule counts."""
    return isinstance(trace.node, n.OneOf) and trace.node.arg.path == path and trace.truth is TRUE
