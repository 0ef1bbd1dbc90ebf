"""Decoding of a rule from a definition file or a Criterion row (plain dicts and lists) into a tree of nodes.

`{"compare": ["labs.anc", ">=", "$min_anc"]}`: the one key names the operation. A text that begins with `$` is a
parameter, any other is a fact. `{"term": name}` is replaced by a named condition of the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from criteria.rules import nodes as n
from criteria.rules.decoder import MOST_NODES, Decoder, OperationReader, tree_excerpt
from criteria.rules.values.codec import VALUE_READERS, where_of


def decoder(terms: Mapping[str, Any], nodes_left: int = MOST_NODES) -> Decoder:
    """Return a decoder of the operations below, for rules that may use these terms and have so many parts."""
    return Decoder(terms, READERS, nodes_left)


def read_all(d: Decoder, content: Any, place: str) -> n.Node:
    return n.AllOf(d.decode_list(content, place))


def read_any(d: Decoder, content: Any, place: str) -> n.Node:
    return n.AnyOf(d.decode_list(content, place))


def read_at_least(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `at_least: {n: $name or a whole number, of: [rules]}`."""
    parts = d.keys(content, place, ("n", "of"))
    return n.AtLeast(d.decode(parts["n"], f"{place}.n"), d.decode_list(parts["of"], f"{place}.of"))


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
    return n.Common(*d.two_facts(content, place))


def read_same(d: Decoder, content: Any, place: str) -> n.Node:
    return n.Same(*d.two_facts(content, place))


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


PERIODS: dict[str, type[n.AnyOf] | type[n.AllOf]] = {"longest": n.AnyOf, "shortest": n.AllOf}


def read_since(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `since: {date:, period:, before:}`: on or after the day so long before, with no upper end."""
    return read_window(d, d.keys(content, place, ("date", "period", "before")), "before", "since", place)


def read_window(d: Decoder, parts: dict[str, Any], anchor: str, direction: n.Direction, place: str) -> n.Node:
    event, centre = d.decode(parts["date"], f"{place}.date"), d.decode(parts[anchor], f"{place}.{anchor}")
    return window_of(d, event, parts["period"], centre, direction, f"{place}.period")


def window_of(d: Decoder, event: n.Node, period: Any, anchor: n.Node, direction: n.Direction, place: str) -> n.Node:
    """Return the window of a period: a parameter, a value in days, or the longest or the shortest of several periods.

    What lies in the longest of several windows lies in one of them, and what lies in the shortest lies in each.
    """
    key, content = next(iter(period.items())) if isinstance(period, dict) and len(period) == 1 else ("", None)
    if key in PERIODS:
        periods = content if isinstance(content, list) else []
        if len(periods) < 2:
            return d.add_fault(f"{place}.{key}", "needs a list of two periods or more")
        places = [f"{place}.{key}[{at}]" for at in range(len(periods))]
        args = [window_of(d, event, each, anchor, direction, at) for each, at in zip(periods, places, strict=True)]
        d.places.update(zip(map(id, args), places, strict=True))
        return PERIODS[key](tuple(args))
    if not isinstance(period, dict):
        return n.Within(event, d.param(period, place), anchor, direction)
    value = d.decode(period, place)
    if direction == "after":
        return n.AllOf((n.Compare(anchor, "<", event), n.Compare(n.Elapsed(anchor, event), "<=", value)))
    near = n.Compare(n.Elapsed(event, anchor), "<=", value)
    d.places[id(near)] = place
    return near if direction == "since" else n.AllOf((n.Compare(event, "<=", anchor), near))


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
    label = str(term.get("label", content))
    node: n.Node
    if "value" in term:  # a computed value
        value = d.decode(term["value"], f"terms.{content}.value")
        node = n.Formula(label, str(term["unit"]), value, str(term.get("negative", "")))
    else:
        node = n.Named(label, d.decode(term.get("rule"), f"terms.{content}.rule"))
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


READERS: dict[str, OperationReader] = {
    "all": read_all,
    "any": read_any,
    "at_least": read_at_least,
    "not": read_not,
    "compare": read_compare,
    "is": read_is,
    "has": read_has,
    "has_only": read_has_only,
    "common": read_common,
    "same": read_same,
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
    **VALUE_READERS,
}
