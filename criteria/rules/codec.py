"""Decoding of a rule from a definition file or a Criterion row (plain dicts and lists) into a tree of nodes.

`{"compare": ["labs.anc", ">=", "$min_anc"]}`: the one key names the operation. A text that begins with `$` is a
parameter, any other is a fact. `{"term": name}` is replaced by a named condition of the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from criteria.rules import nodes as n
from criteria.rules.decoder import MOST_NODES, Decoder, OperationReader, tree_excerpt

PRESENT_STATUSES = ("past", "current")  # a condition of the history that the person has, or had


def decoder(terms: Mapping[str, Any], nodes_left: int = MOST_NODES) -> Decoder:
    """Return a decoder of the operations below, for rules that may use these terms and have so many parts."""
    return Decoder(terms, READERS, nodes_left)


def read_all(d: Decoder, content: Any, place: str) -> n.Node:
    return n.AllOf(d.decode_list(content, place))


def read_any(d: Decoder, content: Any, place: str) -> n.Node:
    return n.AnyOf(d.decode_list(content, place))


def read_not(d: Decoder, content: Any, place: str) -> n.Node:
    return n.Not(d.decode(content, place))


def read_compare(d: Decoder, content: Any, place: str) -> n.Node:
    left, operator, right = d.triple(content, place)
    if operator not in get_args(n.Operator):
        return d.add_fault(f"{place}[1]", f"{tree_excerpt(operator)} is not one of: {', '.join(get_args(n.Operator))}")
    return n.Compare(d.decode(left, f"{place}[0]"), operator, d.decode(right, f"{place}[2]"))


def read_is(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `is: {fact: code}` or `is: {fact: [codes]}`; several facts must all hold."""
    if not isinstance(content, dict) or not content:
        return d.add_fault(place, "needs a mapping from a fact to its code, or to a list of codes")
    found = [
        n.OneOf(d.fact(path, f"{place}.{path}"), d.options(codes, f"{place}.{path}")) for path, codes in content.items()
    ]
    for node in found:
        d.places[id(node)] = f"{place}.{node.arg.path}"
    return found[0] if len(found) == 1 else n.AllOf(tuple(found))


def read_has(d: Decoder, content: Any, place: str, *, only: bool = False) -> n.Node:
    if not isinstance(content, dict) or len(content) != 1:
        return d.add_fault(place, "needs a mapping from one fact to its code, or to a list of codes")
    ((path, codes),) = content.items()
    return n.Has(d.fact(path, f"{place}.{path}"), d.options(codes, f"{place}.{path}"), only)


def read_has_only(d: Decoder, content: Any, place: str) -> n.Node:
    return read_has(d, content, place, only=True)


def read_common(d: Decoder, content: Any, place: str) -> n.Node:
    if not isinstance(content, list) or len(content) != 2:
        return d.add_fault(place, "needs a list of two facts")
    return n.Common(d.fact(content[0], f"{place}[0]"), d.fact(content[1], f"{place}[1]"))


def read_names(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `names: {text: fact, words: [words], but: [words]}`; `but` is optional."""
    parts = d.keys(content, place, ("text", "words"), ("but",))
    but = () if parts["but"] is None else d.words(parts["but"], f"{place}.but")
    return n.Names(d.fact(parts["text"], f"{place}.text"), d.words(parts["words"], f"{place}.words"), but)


def read_miscoded(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("names", "codes"))
    return n.Miscoded(d.fact(parts["names"], f"{place}.names"), d.fact(parts["codes"], f"{place}.codes"))


def read_some_day(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("before",))
    return n.SomeDay(d.fact(parts["before"], f"{place}.before"))


def read_known(d: Decoder, content: Any, place: str) -> n.Node:
    return n.Known(d.fact(content, place))


def read_detected(d: Decoder, content: Any, place: str) -> n.Node:
    return n.Detected(d.fact(content, place))


def read_within(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `within: {date:, period:, before:}` or `after:`; a window with both of its ends."""
    parts = d.keys(content, place, ("date", "period"), ("before", "after"))
    if (parts["before"] is None) == (parts["after"] is None):
        return d.add_fault(place, "needs `before` or `after`, and not both")
    direction: n.Direction = "after" if parts["before"] is None else "before"
    return read_window(d, parts, direction, direction, place)


def read_since(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `since: {date:, period:, before:}`: on or after the day so long before, with no upper end."""
    return read_window(d, d.keys(content, place, ("date", "period", "before")), "before", "since", place)


def read_window(d: Decoder, parts: dict[str, Any], anchor: str, direction: n.Direction, place: str) -> n.Node:
    return n.Within(
        event=d.decode(parts["date"], f"{place}.date"),
        period=d.param(parts["period"], f"{place}.period"),
        anchor=d.decode(parts[anchor], f"{place}.{anchor}"),
        direction=direction,
    )


def read_some(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `some: {of: list, where: rule}`; with several lists, any of them.

    An entry of the history counts only if past or current.
    """
    parts = d.keys(content, place, ("of",), ("where", "other"))
    names = d.options(parts["of"], f"{place}.of")
    found = []
    for name in names:
        node = n.Some(name, where_of(d, name, parts["where"], place), other=parts["other"] is True)
        d.places[id(node)] = f"{place}.of"
        found.append(node)
    return found[0] if len(found) == 1 else n.AnyOf(tuple(found))


def where_of(d: Decoder, name: str, tree: Any, place: str) -> n.Node:
    where = None if tree is None else d.decode(tree, f"{place}.where")
    if "." not in name:
        return where or d.add_fault(f"{place}.where", "is missing")
    present = n.OneOf(d.fact(".status", place), PRESENT_STATUSES)
    d.places[id(present)] = place
    return present if where is None else n.AllOf((present, where))


def read_latest(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("of", "by", "where", "then", "otherwise"))
    return n.Latest(
        records=d.text(parts["of"], f"{place}.of"),
        where=d.decode(parts["where"], f"{place}.where"),
        by=d.fact(parts["by"], f"{place}.by"),
        then=d.decode(parts["then"], f"{place}.then"),
        otherwise=d.decode(parts["otherwise"], f"{place}.otherwise"),
    )


def read_judgement(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("question", "about"))
    return n.Judgement(d.text(parts["question"], f"{place}.question"), d.fact(parts["about"], f"{place}.about"))


def read_term(d: Decoder, content: Any, place: str) -> n.Node:
    term = d.terms.get(content) if isinstance(content, str) else None
    if not isinstance(term, dict):
        hint = d.hint(str(content), d.terms)
        return d.add_fault(place, f"unknown term “{content}”; known: {', '.join(d.terms) or 'none'}{hint}")
    if content in d.open_terms:
        return d.add_fault(place, f"the term “{content}” refers to itself")
    d.used_terms.add(content)
    d.open_terms.append(content)
    node = n.Named(str(term.get("label", content)), d.decode(term.get("rule"), f"terms.{content}.rule"))
    d.open_terms.pop()
    return node


def read_if_known(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("given", "then", "otherwise"))
    given = parts["given"] if isinstance(parts["given"], list) else [parts["given"]]
    if not given:
        d.add_fault(f"{place}.given", "empty list of facts")
    return n.IfKnown(
        given=tuple(d.fact(path, f"{place}.given") for path in given),
        then=d.decode(parts["then"], f"{place}.then"),
        otherwise=d.decode(parts["otherwise"], f"{place}.otherwise"),
    )


def read_by_unit(d: Decoder, content: Any, place: str) -> n.Node:
    names = content if isinstance(content, list) else []
    if not names:
        return d.add_fault(place, "needs a list of parameters, one for each family of units")
    return n.ByUnit(tuple(d.param(name, f"{place}[{index}]") for index, name in enumerate(names)))


def read_age(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("born", "on"))
    return n.Age(d.decode(parts["born"], f"{place}.born"), d.decode(parts["on"], f"{place}.on"))


def read_shift(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `day: {after: date, period: $name}`: the day that long after, or `before`, a date."""
    parts = d.keys(content, place, ("period",), ("before", "after"))
    if (parts["before"] is None) == (parts["after"] is None):
        return d.add_fault(place, "needs `before` or `after`, and not both")
    direction: Any = "after" if parts["before"] is None else "before"
    return n.Shift(
        day=d.decode(parts[direction], f"{place}.{direction}"),
        period=d.param(parts["period"], f"{place}.period"),
        direction=direction,
    )


def arithmetic_reader(sign: n.Sign) -> OperationReader:
    def read(d: Decoder, content: Any, place: str) -> n.Node:
        args = d.decode_list(content, place)
        if len(args) != 2:
            return d.add_fault(place, "needs a list of two values")
        return n.Arithmetic(sign, *args)

    return read


def read_in(d: Decoder, content: Any, place: str) -> n.Node:
    if not isinstance(content, list) or len(content) != 2:
        return d.add_fault(place, "needs a value and a unit: [labs.creatinine, mg/dL]")
    return n.InUnit(d.decode(content[0], f"{place}[0]"), d.text(content[1], f"{place}[1]"))


def read_choose(d: Decoder, content: Any, place: str) -> n.Node:
    if not isinstance(content, dict) or len(content) != 1 or not isinstance(next(iter(content.values())), dict):
        return d.add_fault(place, "needs a mapping from one fact to a number for each of its codes")
    ((path, cases),) = content.items()
    for code, number in cases.items():
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            d.add_fault(f"{place}.{path}.{code}", f"{tree_excerpt(number)} is not a number")
            return n.Number(Decimal(0))
    return n.Choose(d.fact(path, f"{place}.{path}"), tuple((code, Decimal(value)) for code, value in cases.items()))


def read_formula(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("label", "unit", "value"), ("negative",))
    return n.Formula(
        label=d.text(parts["label"], f"{place}.label"),
        unit=d.text(parts["unit"], f"{place}.unit"),
        value=d.decode(parts["value"], f"{place}.value"),
        negative=d.text(parts["negative"], f"{place}.negative") if "negative" in content else "",
    )


READERS: dict[str, OperationReader] = {
    "all": read_all,
    "any": read_any,
    "not": read_not,
    "compare": read_compare,
    "is": read_is,
    "has": read_has,
    "has_only": read_has_only,
    "common": read_common,
    "names": read_names,
    "miscoded": read_miscoded,
    "some_day": read_some_day,
    "known": read_known,
    "detected": read_detected,
    "within": read_within,
    "since": read_since,
    "some": read_some,
    "latest": read_latest,
    "judgement": read_judgement,
    "term": read_term,
    "if_known": read_if_known,
    "by_unit": read_by_unit,
    "age": read_age,
    "day": read_shift,
    "plus": arithmetic_reader("plus"),
    "minus": arithmetic_reader("minus"),
    "times": arithmetic_reader("times"),
    "over": arithmetic_reader("over"),
    "in": read_in,
    "choose": read_choose,
    "formula": read_formula,
}
