"""The reason that one leaf of a trace gives: what was found, the limit, the day."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from criteria.rules import nodes as n, text
from criteria.rules.dates import DAYS_PER_UNIT, Days, iso_date, shift_day
from criteria.rules.facts import FactType, LaboratoryValue
from criteria.rules.leaves import STATUS_FIELD, LeafExplainer, LeafPlace, kind_field, told_text
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.elapsed import apart_text, needed_template
from criteria.rules.proofs.inputs import inputs_text
from criteria.rules.proofs.limits import Bound, Need
from criteria.rules.proofs.reasons import Anchor, Answer, Elapsed, Measured, Reason, Request, Told, TooOld
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

NEGATED: dict[str, n.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED: dict[str, n.Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
UNKNOWN_ANSWER = "unknown"  # of the words of a question: what is not known
SHORT_ANSWERS = ({"yes", "no"}, {"yes", "no", "unknown"})


class Window(NamedTuple):
    """How long the time between an event and its anchor has to be, on which side of it, and whether it ends there.

    It `is_open` where a date that is known in part leaves it undecided.
    """

    length: int
    unit: str
    operator: n.Operator
    side: str
    ends: bool
    is_open: bool = False


class LeafReasons:
    """The reasons that leaves give; what a leaf looks at is known to `leaves`.

    A value that has passed its limit is told as one that excludes only where it is `excluding`, because the criterion
    fails.
    """

    def __init__(self, leaves: LeafExplainer, *, excluding: bool) -> None:
        self.leaves = leaves
        self.excluding = excluding
        self.schema = leaves.schema
        self.limits = leaves.limits

    def reasons(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        node = trace.node
        match node:
            case n.Judgement(question):
                return [Request(question)]
            case n.OneOf(arg) | n.Has(arg):
                return self.code_reasons(node, arg, trace, wanted, place)
            case n.Known():
                return []  # it only opens the way to another condition, which speaks for itself
            case n.Detected(result):
                return [self.detected_reason(result, trace, wanted, place)]
            case n.Within():
                return self.window_reasons(node, trace, wanted, place)
            case n.Compare(_, _, n.Shift() as shift):
                return self.shift_reasons(node, shift, trace, wanted, place)
            case n.Compare():
                return self.compare_reasons(node, trace, wanted, place)
            case n.Same():
                return [self.same_reason(node, trace, place)]
            case n.SomeDay(arg):
                return [Told(", ".join(trace.operands[1])), self.fact_reason(arg, trace.operands[0], place)]
        return [self.fact_reason(fact, value, place) for fact, value in self.leaves.used_facts(trace)]

    def same_reason(self, node: n.Same, trace: Trace, place: LeafPlace) -> Reason:
        """Return whether two values are the same; the name of the value is that of the first."""
        fact, (value, other) = self.leaves.type_of(node.left, place), trace.operands
        if value is None or other is None:
            return self.missing(node.left if value is None else node.right, place)
        words = {"label": fact.label, "value": text.value_text(value, fact)}
        words["other"] = text.value_text(other, self.leaves.type_of(node.right, place))
        return Told((s.SAME if trace.truth is TRUE else s.NOT_SAME if trace.truth is FALSE else s.MAY_BE_SAME) % words)

    def is_excluded(self, trace: Trace, wanted: Truth) -> bool:
        return self.excluding and wanted is FALSE and trace.truth is TRUE

    def fact_reason(self, fact: n.Fact, value: Any, place: LeafPlace) -> Reason:
        if value is None:
            return self.missing(fact, place)
        return answer_reason(self.leaves.type_of(fact, place), value)

    # Codes

    def code_reasons(
        self, node: n.OneOf | n.Has, arg: n.Fact, trace: Trace, wanted: Truth, place: LeafPlace
    ) -> list[Reason]:
        if is_status(node, place):
            return []  # the label of the entry says it
        fact, value = self.leaves.type_of(arg, place), trace.operands[0]
        if value is None:
            return [self.missing(arg, place)]
        if value and place and arg.path == f".{kind_field(place[0].type)}":
            return []  # the name of the record says it
        reason = answer_reason(fact, value)
        if isinstance(reason, Answer) or set(fact.options) in SHORT_ANSWERS:
            return [reason]
        if isinstance(node, n.Has) and self.is_excluded(trace, wanted):
            return [excluded_codes_reason(node, fact, value, reason.text)]
        if wanted is FALSE or trace.truth is TRUE:
            return [reason]
        return [other_codes_reason(node, fact, value, reason.text)]

    def excluding_answer(self, part: Trace, place: LeafPlace, *, alone: bool) -> Reason | None:
        """Return an answer of a record that excludes with what would not or, where it is enough `alone`, that it is.

        None of any other part, and of a question that is answered by yes or no.
        """
        leaf = part.children[0] if isinstance(part.node, n.Not) else part
        if not isinstance(leaf.node, n.OneOf) or is_status(leaf.node, place) or (leaf is part and not alone):
            return None
        fact, value = self.leaves.type_of(leaf.node.arg, place), leaf.operands[0]
        reason = answer_reason(fact, value) if isinstance(value, str) else None
        if not isinstance(reason, Told) or set(fact.options) in SHORT_ANSWERS or value in fact.phrases:
            return None
        if leaf is part:
            return Measured(s.EXCLUDED_BY_ITSELF, reason.text)
        return Measured(s.EXEMPT_ANSWER, reason.text, (Bound(text.codes_text(leaf.node.options, fact.options)),))

    # Numbers, and days beside other days

    def compare_reasons(self, node: n.Compare, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        value, limit = trace.operands
        fact = self.leaves.left_type(node.left, place, value)
        if value is None:
            return self.unknown_left(node.left, trace, place)
        if trace.truth is wanted and (opposite := negative_text(node.left, value)):
            return [Told(opposite)]
        found = told_text(fact, self.leaves.left_text(value, fact, limit))
        if trace.truth is UNKNOWN and (why := self.vagueness(node.left, trace, place)):
            found = s.VAGUE % {"found": found, "why": why}
        day = self.day_of(value, fact)
        if limit is None:
            return [Told(found), *self.unknown_sides(node.right, trace, place)]
        is_excluded = self.is_excluded(trace, wanted)
        operator = node.operator if wanted is TRUE or is_excluded else NEGATED[node.operator]
        bound = self.bound(node, operator, trace, place, is_excluded=is_excluded)
        template = s.EXCLUDED if is_excluded else s.LIMIT
        if fact.kind == "date" and not is_excluded:
            template = s.DATE_HOLDS if trace.truth is wanted is TRUE else s.NEEDED_ANSWER
        is_outer = template == s.DATE_HOLDS and isinstance(node.left, n.Fact) and node.left.path.startswith("..")
        if is_outer and isinstance(node.left, n.Fact):
            found = told_text(self.leaves.type_of(node.left, place), text.value_text(value, fact))
        inputs = inputs_text(self.leaves, node.left, trace, place)
        return [Measured(template, found, (bound,), day, None, inputs, is_outer)]

    def vagueness(self, left: n.Node, trace: Trace, place: LeafPlace) -> str:
        """Return why a value that is known leaves a comparison open: what is known of it only in part."""
        for fact, value in self.leaves.used_facts(trace):
            if isinstance(value, Days) and not value.is_point:
                label = self.leaves.type_of(fact, place).label
                return part_not_known(value) if fact is left else s.INCOMPLETE % {"label": label}
        is_reported = isinstance(trace.operands[0], LaboratoryValue) and not trace.operands[0].is_point
        return s.NO_EXACT_VALUE if is_reported else ""

    def bound(
        self, node: n.Compare, operator: n.Operator, trace: Trace, place: LeafPlace, *, is_excluded: bool
    ) -> Bound:
        """Return what a value has to be or, where it has passed the limit, what excludes."""
        value, limit = trace.operands
        fact = self.leaves.left_type(node.left, place, value)
        words = self.leaves.right_text(node, value, limit, place)
        number = limit.low if limit.is_point else None
        if fact.kind == "date":
            return Bound(s.DATE_LIMITS[operator] % {"limit": words}, operator if limit.is_point else "", number)
        if fact.phrase and not fact.unit and isinstance(node.right, n.Param):
            words = told_text(fact, words)
        relation = (s.EXCLUDING_NUMBERS if is_excluded else s.NUMBER_LIMITS)[operator] % {"limit": words}
        bare = words if isinstance(node.right, n.Param | n.ByUnit) else ""
        return Bound(relation, operator if limit.is_point else "", number, bare)

    def unknown_sides(self, node: n.Node, trace: Trace, place: LeafPlace) -> list[Reason]:
        sides = [node] if isinstance(node, n.Fact) else [fact for fact, value in trace.used if value is None]
        return [self.missing(fact, place) for fact in sides]

    def unknown_left(self, left: n.Node, trace: Trace, place: LeafPlace) -> list[Reason]:
        """Return what is not known of a value or, where everything is and it has none, that it cannot be computed."""
        if isinstance(left, n.Fact):
            return [self.missing(left, place)]
        missing: list[Reason] = [self.missing(fact, place) for fact, value in trace.used if value is None]
        why = s.NOT_KNOWN if trace.children else s.NOT_COMPUTABLE
        return missing or [Answer(self.leaves.left_type(left, place).label, why)]

    def missing(self, node: n.Node, place: LeafPlace) -> Answer:
        """Return that a value is not known; of the record around the one at hand it is that record's own."""
        if not isinstance(node, n.Fact):
            return Answer(self.leaves.left_type(node, place).label, s.NOT_KNOWN)
        fact, name = self.leaves.type_of(node, place), node.path.lstrip(".")
        asks = node.path if name == node.path else f".{name}"
        return Answer(question_label(fact), s.NOT_KNOWN, node.path.startswith(".."), asks, fact.after)

    def detected_reason(self, result: n.Fact, trace: Trace, wanted: Truth, place: LeafPlace) -> Reason:
        value, lod = trace.operands
        fact = self.leaves.type_of(result, place)
        if value is None:
            return self.missing(result, place)
        found, day = told_text(fact, text.reported_text(value)), self.day_of(value, fact)
        if lod is None:
            undetected = s.TAKEN_AS_UNDETECTED if value.comparator else s.ZERO_IS_UNDETECTED
            return Measured(s.TAKEN_AS_DETECTED if trace.truth is TRUE else undetected, found, day=day)
        is_excluded = self.is_excluded(trace, wanted)
        limit = self.leaves.own_limit_text(result, n.Fact(f"{result.path}.lod"), lod, place)
        relation = s.EXCLUDING_NUMBERS[">"] if is_excluded else s.NUMBER_LIMITS[">" if wanted is TRUE else "<="]
        return Measured(s.EXCLUDED if is_excluded else s.LIMIT, found, (Bound(relation % {"limit": limit}),), day)

    def day_of(self, value: Any, fact: FactType) -> str:
        """Return the day on which a result was collected; blank of anything else."""
        is_result = isinstance(value, LaboratoryValue) and fact.result
        return value.collected if is_result else ""

    # Days counted from another one

    def window_reasons(self, node: n.Within, trace: Trace, wanted: Truth, place: LeafPlace) -> list[Reason]:
        limit, fact = self.limits[node.period.name], self.leaves.left_type(node.event, place)
        event, anchor = trace.operands
        if limit.value is None:
            if wanted is TRUE or event is None:
                return []
            found = told_text(fact, text.value_text(event, fact))
            return [Measured(s.EXCLUDED, found, (Bound(s.AT_ANY_TIME),))]
        side = "after" if node.direction == "after" else "before"
        operator: n.Operator = "<=" if wanted is TRUE else ">"
        is_open = trace.truth is UNKNOWN
        window = Window(int(limit.value), limit.unit, operator, side, node.direction != "since", is_open)
        return self.elapsed_reasons((node.event, node.anchor), fact, (event, anchor), window, place)

    def shift_reasons(
        self, node: n.Compare, shift: n.Shift, trace: Trace, wanted: Truth, place: LeafPlace
    ) -> list[Reason]:
        limit, fact = self.limits[shift.period.name], self.leaves.left_type(node.left, place)
        anchor = next((value for fact, value in trace.used if fact is shift.day), None)
        if limit.value is None or not isinstance(shift.day, n.Fact):
            return self.compare_reasons(node, trace, wanted, place)
        operator = node.operator if wanted is TRUE else NEGATED[node.operator]
        if shift.direction == "before":
            operator = MIRRORED[operator]
        is_open = trace.truth is UNKNOWN
        window = Window(int(limit.value), limit.unit, operator, shift.direction, ends=False, is_open=is_open)
        return self.elapsed_reasons((node.left, shift.day), fact, (trace.operands[0], anchor), window, place)

    def elapsed_reasons(
        self,
        sides: tuple[n.Node, n.Node],
        fact: FactType,
        days: tuple[Range | None, Range | None],
        window: Window,
        place: LeafPlace,
    ) -> list[Reason]:
        """Return the reason of the time between an event and its anchor or, where one is not known, what is not."""
        (left, centre), (event, anchor) = sides, days
        if event is None or anchor is None:
            known = self.missing(left, place) if event is None else self.day_reason(left, fact, event, place)
            return [known] if anchor is not None else [known, self.missing(centre, place)]
        template, length = apart_text(event, anchor, window.unit) or (s.EITHER_SIDE, "")
        if window.is_open:
            template, length = s.UNDECIDED, self.parts_not_known(event, anchor, self.anchor(centre, place).label)
        if template == s.EITHER_SIDE and window.operator in (">", ">=") and window.side == "before":
            return [self.first_day_reason(left, fact, event, anchor, window, self.anchor(centre, place), place)]
        needed = needed_template(window.operator, window.side, template, ends=window.ends)
        is_bare = window.unit in DAYS_PER_UNIT and needed in (s.NEEDED, s.ALLOWED)
        needs = (Need(needed, window.operator, window.length, window.unit, is_bare),) if needed else ()
        day = self.day_reason(left, fact, event, place)
        return [day._replace(template=template, anchors=(self.anchor(centre, place),), apart=length, needs=needs)]

    def first_day_reason(
        self,
        left: n.Node,
        fact: FactType,
        event: Range,
        anchor: Range,
        window: Window,
        centre: Anchor,
        place: LeafPlace,
    ) -> Reason:
        """Return that even the first day of what is known in part is too near a later one."""
        first = Range(event.low, event.low)
        _template, apart = apart_text(first, anchor, window.unit) or ("", "")
        words = {"found": self.day_reason(left, fact, event, place).text, "part": part_not_known(event)}
        even = {"first": iso_date(event.low), "apart": apart, "anchor": centre.label}
        need = Need(s.NEEDED, window.operator, window.length, window.unit, window.unit in DAYS_PER_UNIT)
        return Told(s.NEEDED % {"reason": s.EVEN_THE_FIRST_DAY % {**words, **even}, "length": need.length})

    def too_old_reason(self, trace: Trace, place: LeafPlace) -> TooOld | None:
        """Return that a finding is older than its window, and from when it is not; None where it is not that."""
        node = trace.node
        if not isinstance(node, n.Within) or node.direction != "before" or trace.truth is not FALSE:
            return None
        limit, (event, anchor) = self.limits[node.period.name], trace.operands
        if event is None or anchor is None or not anchor.is_point or event.high >= anchor.low or limit.value is None:
            return None
        _template, apart = apart_text(event, anchor, limit.unit) or ("", "")
        day = self.day_reason(node.event, self.leaves.left_type(node.event, place), event, place)
        from_day = iso_date(shift_day(anchor.low, -int(limit.value), limit.unit))
        longest = text.limit_text(limit)
        return TooOld(day.found, apart, self.anchor(node.anchor, place).label, longest, from_day, day.tests)

    def parts_not_known(self, event: Range, anchor: Range, centre: str) -> str:
        """Return what of the two days is not known."""
        parts = [] if event.is_point else [part_not_known(event)]
        if not anchor.is_point:
            parts.append(s.DAY_OF_ANCHOR_NOT_KNOWN % {"anchor": centre})
        return s.NEXT_LABEL.join(parts)

    def day_reason(self, node: n.Node, fact: FactType, event: Range, place: LeafPlace) -> Elapsed:
        """Return a day without its distance from another one; samples of one day can be told together."""
        day, sample = text.days_text(event), self.anchor(node, place)
        if sample.is_sample:
            return Elapsed(day, s.ALONE, (), tests=(sample.label,))
        return Elapsed(told_text(fact, day), s.ALONE, ())

    def anchor(self, centre: n.Node, place: LeafPlace) -> Anchor:
        if isinstance(centre, n.Fact):
            result, _dot, name = centre.path.rpartition(".")
            if name == "collected" and result in self.schema.facts:
                return Anchor(self.schema.facts[result].label, is_sample=True)
        return Anchor(self.leaves.left_type(centre, place).name)


def negative_text(left: n.Node, value: Range) -> str:
    """Return a computed value below zero by the name of what it is then (weight gained); blank of any other value."""
    if not isinstance(left, n.Formula) or not left.negative or value.low is None or value.high is None:
        return ""
    amount = text.range_text(Range(-value.high, -value.low), left.unit)
    return s.FOUND % {"label": left.negative, "value": amount} if value.high < 0 else ""


def part_not_known(days: Range) -> str:
    is_year = isinstance(days, Days) and days.text.isdecimal()
    return s.MONTH_AND_DAY_NOT_KNOWN if is_year else s.DAY_NOT_KNOWN


def question_label(fact: FactType) -> str:
    """Return what is not known: of a question that is answered by yes or no, whether it is so."""
    if set(fact.options) not in SHORT_ANSWERS:
        return fact.label
    if UNKNOWN_ANSWER in fact.phrases:
        return fact.phrases[UNKNOWN_ANSWER]
    return s.WHETHER % {"answer": fact.phrases.get("yes", fact.label)}


def answer_reason(fact: FactType, value: Any) -> Told | Answer:
    """Return an answer; one that is given to many questions can be told of several at once."""
    if isinstance(value, str) and value in fact.phrases:
        return Told(fact.phrases[value])
    answer = text.value_text(value, fact)
    if set(fact.options) in SHORT_ANSWERS:
        return Answer(fact.label, answer)
    is_told = fact.phrase and value != frozenset()
    return Told(told_text(fact, answer) if is_told else s.ANSWER % {"label": fact.label, "answer": answer})


def other_codes_reason(node: n.OneOf | n.Has, fact: FactType, value: Any, found: str) -> Reason:
    """Return the reason for codes other than those that a condition asks for."""
    codes = (Bound(text.codes_text(node.options, fact.options)),)
    if isinstance(node, n.Has) and node.only and not set(value).intersection(node.options):
        return Told(found)  # an exception that is about something else
    if isinstance(node, n.Has):
        return Measured(s.ONLY_ALLOWED if node.only else s.NEEDED_ANSWER, found, codes)
    if 1 < len(node.options) == len(fact.options) - 1:
        return Measured(s.EXCLUDED_ALONE, found)  # every other answer would do
    return Measured(s.ALLOWED_ANSWER, found, codes)


def excluded_codes_reason(node: n.Has, fact: FactType, value: Collection[str], found: str) -> Reason:
    """Return the reason for a list of codes that holds one that excludes, which is named among several."""
    excluded = [code for code in node.options if code in value]
    if len(excluded) == len(value):
        return Measured(s.EXCLUDED_ALONE, found)
    return Measured(
        s.EXCLUDED_ANSWER, found, (Bound(text.list_text((fact.options[code] for code in excluded), "and")),)
    )


def is_status(node: n.Node, place: LeafPlace) -> bool:
    """Return whether a leaf asks whether an entry of the history is past or current."""
    return isinstance(node, n.OneOf) and node.arg.path == STATUS_FIELD and place[0].type.absence == "asked"
