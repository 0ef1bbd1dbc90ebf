"""Libraries: definitions that ship with the application, from which a trial's file takes what it uses (`extends:`).

What comes of it is one definition that stands by itself: what is published never reads a library again. A file names
a library and never a path. From a library come the criteria that the file names by `like`, and what the file's rules
refer to: fields, laboratory tests, conditions of the history, code lists, parameters and terms, with whatever these
refer to in turn. An entry that the file gives, too, is the library's with the file's keys in place of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from criteria.definition.yaml_tree import YamlTree
from criteria.rules.facts import FORMATS
from criteria.rules.kinds import spelling_hint
from criteria.vocabulary.faults import Fault

FOLDER = Path(__file__).resolve().parents[1] / "protocols" / "library"
MOST_EXTENDED = 10
ENTRIES = {"group": "fields", "records": "fields", "results": "analytes", "checklist": "conditions"}
WHOLE = ("records", "single")  # parts of which no single entry is taken
NAMED_BLOCKS = ("codes", "parameters", "terms")
ALWAYS = ("visit", "date")  # every trial needs it
REFERENCE = re.compile(r"(\.*)([a-z][a-z0-9_]*)((?:\.[a-z0-9_]+|\[\])*)", re.ASCII)
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
INDEXED = re.compile(r"sections\[(\d+)\](?:\.parts\[(\d+)\])?")
Data = Mapping[str, Any]
Name = tuple[str, str]  # a block and an entry of it, or a part and an entry of it


class Shelf(NamedTuple):
    """What the extended libraries hold together, each entry once; `origins` has the library of each."""

    sections: tuple[Data, ...]
    named: Mapping[str, Data]  # by block
    criteria: Mapping[str, Data]
    origins: Mapping[Name, str]

    @property
    def parts(self) -> dict[str, Data]:
        return {part["key"]: part for section in self.sections for part in section["parts"]}


class Extended(NamedTuple):
    """A definition with what it takes of libraries, what is wrong with how it asks for it, and where things stand."""

    data: Any
    faults: tuple[Fault, ...] = ()
    places: Mapping[str, str | None] = {}  # of sections and parts: the place in the file, None where it has none
    origins: Mapping[Name, str] = {}

    def place_of(self, place: str) -> str | None:
        """Return the place in the file of a place in the data; None where a library holds it alone."""
        if found := INDEXED.match(place):
            head = found[0] if found[0] in self.places else f"sections[{found[1]}]"
            own = self.places.get(head, head)
            return None if own is None else own + place[len(head) :]
        return place

    def library_of(self, place: str) -> str:
        """Return the library that holds a place of the data; empty where the file does, or nobody knows."""
        block, _, rest = place.partition(".")
        return self.origins.get((block, re.split(r"[.\[]", rest)[0]), "")


def library_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@lru_cache(maxsize=16)
def library_data(name: str) -> Data:
    """Return the content of a library by its name, which must be one of `library_names`."""
    tree = YamlTree((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if tree.faults or not isinstance(tree.data, dict):
        raise ValueError(f"library {name}: {tree.faults}")
    return tree.data


def chain_of(names: Iterable[str], around: tuple[str, ...] = ()) -> list[str]:
    """Return libraries with those that they extend, each once and before whatever extends it; ValueError in a cycle."""
    found: list[str] = []
    for name in names:
        if name in around:
            raise ValueError(f"library {name} extends itself")
        inner = chain_of(as_names(library_data(name).get("extends", [])), (*around, name))
        found.extend(each for each in (*inner, name) if each not in found)
    return found


def as_names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@lru_cache(maxsize=16)
def shelf_of(names: tuple[str, ...]) -> Shelf:
    """Return what libraries hold together. ValueError where two hold an entry of one name, which no release ships."""
    sections: dict[str, dict[str, Any]] = {}
    named: dict[str, dict[str, Any]] = {block: {} for block in NAMED_BLOCKS}
    criteria: dict[str, Data] = {}
    origins: dict[Name, str] = {}

    def add(into: dict[str, Any], block: str, entries: Data, library: str) -> None:
        for name, entry in entries.items():
            if origins.setdefault((block, name), library) != library:
                raise ValueError(f"{block}.{name} stands in {library} and in {origins[block, name]}")
            into[name] = entry

    for library in chain_of(names):
        data = library_data(library)
        for block in NAMED_BLOCKS:
            add(named[block], block, data.get(block, {}), library)
        add(criteria, "criteria", {each["code"]: each for each in data.get("criteria", [])}, library)
        for section in data.get("sections", []):
            held = sections.setdefault(section["code"], {**section, "parts": {}})
            for part in section["parts"]:
                key, inner = part["key"], ENTRIES.get(part["kind"])
                entries = held["parts"].setdefault(key, {**part, **({inner: {}} if inner else {})})
                if inner:
                    add(entries[inner], key, part.get(inner, {}), library)
    shelves = tuple({**section, "parts": list(section["parts"].values())} for section in sections.values())
    return Shelf(shelves, named, criteria, origins)


def extend(data: Any) -> Extended:
    """Return the definition that a file makes with the libraries that it extends; without `extends`, its own data."""
    if not isinstance(data, dict) or "extends" not in data:
        return Extended(data)
    own = {key: value for key, value in data.items() if key != "extends"}
    names = as_names(data["extends"])
    faults = list(name_faults(names, data))
    if faults:
        return Extended(None, tuple(faults))  # every name of the library would be called unknown
    shelf = shelf_of(tuple(names))
    own["criteria"], faults = with_like(own.get("criteria"), shelf)
    return Extension(own, shelf).extend(faults)


def name_faults(names: list[Any], data: Data) -> Iterator[Fault]:
    known = library_names()
    if not names or len(names) > MOST_EXTENDED:
        yield Fault("extends", f"names {len(names)} libraries: from 1 to {MOST_EXTENDED}")
        return
    for at, name in enumerate(names):
        place = f"extends[{at}]" if isinstance(data["extends"], list) else "extends"
        if not isinstance(name, str) or name not in known:
            hint = spelling_hint(str(name), known)
            yield Fault(place, f"unknown library “{name}”; known: {', '.join(known)}{hint}")
        elif name in names[:at]:
            yield Fault(place, f"“{name}” stands twice")
    if data.get("format") != FORMATS[-1]:
        yield Fault("format", f"the libraries are written in format {FORMATS[-1]}: so is a file that extends one")


def with_like(criteria: Any, shelf: Shelf) -> tuple[Any, list[Fault]]:
    """Return the criteria of a file, those with `like` made whole by the library's."""
    if not isinstance(criteria, list):
        return criteria, []
    found, faults = [], []
    for at, raw in enumerate(criteria):
        if not isinstance(raw, dict) or "like" not in raw:
            found.append(raw)
            continue
        base = shelf.criteria.get(raw["like"]) if isinstance(raw["like"], str) else None
        if base is None:
            hint = spelling_hint(str(raw["like"]), shelf.criteria)
            message = f"no library has the criterion “{raw['like']}”; known: {', '.join(shelf.criteria)}{hint}"
            faults.append(Fault(f"criteria[{at}].like", message))
            base = {"code": f"X{at}", "category": "inclusion", "statement": "-", "rule": {"known": "visit.date"}}
        found.append(override(base, {key: value for key, value in raw.items() if key != "like"}))
    return found, faults


def override(entry: Any, keys: Any) -> Any:
    """Return a library's entry with the file's keys in place of its own; a key that is null is left out."""
    if not isinstance(entry, Mapping) or not isinstance(keys, Mapping):
        return keys
    return {key: value for key, value in {**entry, **keys}.items() if value is not None}


class Extension:
    """What one file takes of a shelf; `taken` grows until nothing that was taken refers to anything else."""

    def __init__(self, own: dict[str, Any], shelf: Shelf) -> None:
        self.own, self.shelf, self.parts = own, shelf, shelf.parts
        self.places: dict[str, str | None] = {}
        self.taken: set[Name] = set()
        sections = own.get("sections")
        self.sections: list[Any] = sections if isinstance(sections, list) else []
        self.own_parts = {
            part["key"]: part
            for section in self.sections
            for part in parts_of(section)
            if isinstance(part, dict) and isinstance(part.get("key"), str)
        }

    def extend(self, faults: list[Fault]) -> Extended:
        self.take(ALWAYS)
        for key, block in self.own.items():
            if key not in ("trial", "version", "tests", "sections"):
                self.take_from(block)
        for key, part in self.own_parts.items():
            inner = ENTRIES.get(self.parts[key]["kind"], "") if key in self.parts else ""
            for entry in (part.get(inner) or {}) if isinstance(part.get(inner), dict) else ():
                self.take((key, entry))
            self.take_part(key)
            self.take_from(part, key)
        data = {**self.own}
        if not data.get("sections") or self.sections:
            data["sections"] = self.all_sections()
        for block in NAMED_BLOCKS:
            if isinstance(data.get(block, {}), dict):
                data[block] = self.named_block(block)
        return Extended({key: data[key] for key in data if data[key] != {}}, tuple(faults), self.places, self.origins())

    def origins(self) -> dict[Name, str]:
        """Return the library of each entry that the file itself does not give."""
        blocks = {block: self.own.get(block) for block in NAMED_BLOCKS}
        given = {(block, str(name)) for block, own in blocks.items() if isinstance(own, dict) for name in own}
        return {
            name: self.shelf.origins[name] for name in self.taken if name in self.shelf.origins and name not in given
        }

    # What is taken

    def take_from(self, data: Any, part: str = "") -> None:
        for name in references(data, part):
            self.take(name)

    def take(self, name: Name) -> None:
        if name in self.taken:
            return
        block, entry = name
        if block in NAMED_BLOCKS:
            if entry in self.shelf.named[block]:
                self.taken.add(name)
                self.take_from(self.shelf.named[block][entry])
        elif block in self.parts:
            part = self.parts[block]
            entries = part.get(ENTRIES.get(part["kind"], ""), {})
            if part["kind"] in WHOLE:
                self.take_part(block)
            elif entry in entries:
                self.taken.add(name)
                self.take_part(block)
                self.take_from(entries[entry], block)

    def take_part(self, key: str) -> None:
        """Take what a part of a library says of itself, and all of it where its entries belong together."""
        if key not in self.parts or ("", key) in self.taken:
            return
        self.taken.add(("", key))
        part = self.parts[key]
        inner = ENTRIES.get(part["kind"])
        self.take_from(part if part["kind"] in WHOLE else {k: v for k, v in part.items() if k != inner}, key)
        if part["kind"] == "records":
            self.taken |= {(key, entry) for entry in part["fields"]}
        elif "dated_by" in part:
            self.take((key, part["dated_by"]))

    # What comes of it

    def named_block(self, block: str) -> dict[str, Any]:
        own, library = self.own.get(block) or {}, self.shelf.named[block]
        taken = {name: library[name] for name in library if (block, name) in self.taken}
        if block == "codes":  # a list of codes is given whole
            return {**taken, **own}
        return {**taken, **{name: override(library.get(name), own[name]) for name in own}}

    def part(self, key: str) -> Any:
        """Return a part as the library and the file make it together."""
        library, own = self.parts.get(key), self.own_parts.get(key, {})
        if library is None:
            return own
        inner = ENTRIES.get(library["kind"], "")
        merged = {**library, **own}
        if inner and isinstance(own.get(inner, {}), dict):
            taken = {name: entry for name, entry in library[inner].items() if (key, name) in self.taken}
            entries = {**taken, **{name: override(taken.get(name), keys) for name, keys in own.get(inner, {}).items()}}
            merged[inner] = {name: entry for name, entry in entries.items() if entry is not None}
        return merged

    def all_sections(self) -> list[Any]:
        """Return the library's sections that have anything, in its order, then those that the file adds."""
        found: list[Any] = []
        placed_sections: set[int | None] = set()
        numbered = {code_of(section): at for at, section in reversed([*enumerate(self.sections)])}
        placed = {key: at for at, section in enumerate(self.sections) for key in part_keys(section)}
        for head in self.shelf.sections:
            at = numbered.get(head["code"])
            keys = [part["key"] for part in head["parts"] if ("", part["key"]) in self.taken]
            keys = [key for key in keys if placed.get(key, at) == at]
            own = self.sections[at] if at is not None else {}
            if keys or own:
                placed_sections.add(at)
                self.add_section(found, {**head, **own}, keys, at)
        for at, section in enumerate(self.sections):
            if not isinstance(section, dict):
                self.places[f"sections[{len(found)}]"] = f"sections[{at}]"
                found.append(section)
            elif at not in placed_sections:
                self.add_section(found, section, [], at)
        return found

    def add_section(self, found: list[Any], head: Data, keys: list[str], at: int | None) -> None:
        """Add a section with these parts of the library and those of the file's section of that number."""
        index, parts = len(found), [self.part(key) for key in keys]
        own = parts_of(self.sections[at]) if at is not None else []
        where: list[str | None] = [None] * len(keys)
        for number, raw in enumerate(own):
            key = raw.get("key") if isinstance(raw, dict) else None
            place = f"sections[{at}].parts[{number}]"
            if key in keys:
                where[keys.index(key)] = place
            else:
                parts.append(self.part(key) if isinstance(key, str) and self.own_parts.get(key) is raw else raw)
                where.append(place)
        self.places[f"sections[{index}]"] = None if at is None else f"sections[{at}]"
        self.places |= {f"sections[{index}].parts[{number}]": place for number, place in enumerate(where)}
        found.append({**head, "parts": parts} if at is None or isinstance(head.get("parts", []), list) else head)


def code_of(section: Any) -> str:
    """Return the code of a section of the file; empty where it has none that could be a library's."""
    code = section.get("code") if isinstance(section, dict) else None
    return code if isinstance(code, str) else ""


def parts_of(section: Any) -> list[Any]:
    parts = section.get("parts") if isinstance(section, dict) else None
    return parts if isinstance(parts, list) else []


def part_keys(section: Any) -> list[str]:
    return [part["key"] for part in parts_of(section) if isinstance(part, dict) and isinstance(part.get("key"), str)]


def references(data: Any, part: str = "") -> Iterator[Name]:
    """Yield the names to which data may refer; `part` is the part in which it stands."""
    if isinstance(data, str):
        yield from text_references(data, part)
    elif isinstance(data, list):
        for each in data:
            yield from references(each, part)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from text_references(str(key), part)
            if key == "term" and isinstance(value, str):
                yield "terms", value
            elif key == "options" and isinstance(value, str):
                yield "codes", value
            yield from references(value, part)


def text_references(text: str, part: str) -> Iterator[Name]:
    yield from (("parameters", name) for name in PLACEHOLDER.findall(text))
    if text.startswith("$"):
        yield "parameters", text[1:]
    elif found := REFERENCE.fullmatch(text):
        dots, name, rest = found.groups()
        if dots:
            yield part, name
        else:
            yield name, rest.removeprefix("[]").strip(".").split(".")[0].removesuffix("[]")
