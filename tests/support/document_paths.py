"""Changes of a visit document by the paths that the application itself shows: `consent.date`, `labs.anc.uln`,
`history.infection.date`, `therapies[0].end_date`, `reviewed.therapies`.
"""

import re
from copy import deepcopy
from typing import Any

from criteria.vocabulary.parts import AnyPart, Checklist, Group, Records, Results, Vocabulary

Document = dict[str, Any]
Token = str | int
PATH = re.compile(r"\w+(\.\w+|\[\d+\])*")
CODES = {"labs": "analyte", "history": "condition"}  # lists that go by a code, and the key that holds it
REVIEWED = "reviewed"


def shape_of(vocabulary: Vocabulary) -> dict[str, Any]:
    """Every path that a document may have, as nested names; a list holds the shape of its records."""
    shape = {part.key: shape_of_part(part) for part in vocabulary.parts.values()}
    return shape | {REVIEWED: dict.fromkeys(vocabulary.reviewable)}


def shape_of_part(part: AnyPart) -> Any:
    if isinstance(part, Group):
        return dict.fromkeys(part.fields)
    if isinstance(part, Records):
        return [dict.fromkeys(part.fields)]
    if isinstance(part, Results):
        return {code: [dict.fromkeys(part.fields)] for code in part.analytes}
    if isinstance(part, Checklist):
        return {code: [dict.fromkeys([*part.fields, *each.details])] for code, each in part.conditions.items()}
    return None


class Person:
    """A person whose visit document is changed path by path.

    Here results go by their test, the history by condition, reviewed lists by name: as paths do.
    """

    def __init__(self, document: Document, shape: Document) -> None:
        self.shape = shape
        self.parts = deepcopy(document)
        for key, code in CODES.items():
            grouped: dict[str, list[Document]] = {}
            for record in self.parts[key]:
                grouped.setdefault(record.pop(code), []).append(record)
            self.parts[key] = grouped
        self.parts[REVIEWED] = dict.fromkeys(document[REVIEWED])

    def document(self) -> Document:
        """The visit document, as forms and imports write it."""
        found = dict(self.parts)
        for key, code in CODES.items():
            if isinstance(found.get(key), dict):
                found[key] = [record for name, each in found[key].items() for record in coded(code, name, each)]
        if isinstance(found.get(REVIEWED), dict):
            found[REVIEWED] = list(found[REVIEWED])
        return found

    def put(self, path: str, value: Any) -> None:
        """The place holds this value, and nothing of what it held. One record stands for a list of one."""
        holder, name, shape = self.place(path)
        one = isinstance(shape, list) and isinstance(value, dict)
        try:
            holder[name] = deepcopy([value] if one else value)
        except (LookupError, TypeError):
            raise LookupError(f"the person has nothing at “{path}” to change") from None

    def add(self, path: str, value: Any) -> None:
        """The list holds these records after those that it held."""
        holder, name, shape = self.place(path)
        if not isinstance(shape, list) or not isinstance(holder, dict):
            raise LookupError(f"“{path}” is no list to add to")
        new = value if isinstance(value, list) else [value]
        holder[name] = [*(holder.get(name) or []), *deepcopy(new)]

    def remove(self, path: str) -> None:
        """Nothing stands at the place any more."""
        holder, name, _ = self.place(path)
        try:
            del holder[name]
        except (LookupError, TypeError):
            raise LookupError(f"the person has nothing at “{path}” to remove") from None

    def place(self, path: str) -> tuple[Any, Token, Any]:
        """What holds the last name of a path, that name, and the shape of what may stand there."""
        tokens, shape = self.tokens(path)
        holder: Any = self.parts
        for token in tokens[:-1]:
            holder = only(holder, token, path)
            try:
                holder = holder[token]
            except (LookupError, TypeError):
                raise LookupError(f"the person has nothing at “{path}”") from None
        return only(holder, tokens[-1], path), tokens[-1], shape

    def tokens(self, path: str) -> tuple[list[Token], Any]:
        """The names and indices of a path, and the shape of what may stand there."""
        shape: Any = self.shape
        tokens: list[Token] = []
        for token in re.findall(r"\w+", path) if PATH.fullmatch(path) else [""]:
            records = isinstance(shape, list)
            if records and token.isdigit():
                tokens.append(int(token))
                shape = shape[0]
                continue
            names = (shape[0] if records else shape) or {}
            if token not in names:
                raise LookupError(f"the vocabulary has no “{path}”")
            tokens.append(token)
            shape = names[token]
        return tokens, shape


def coded(code: str, name: str, records: Any) -> list[Any]:
    """The records of one test or condition, each with its code; what is no record is left to the validator."""
    found = records if isinstance(records, list) else [] if records is None else [records]
    return [{code: name} | record if isinstance(record, dict) else record for record in found]


def only(holder: Any, token: Token, path: str) -> Any:
    """The one record of a list, where a path names none by its index."""
    if not isinstance(holder, list) or isinstance(token, int):
        return holder
    if len(holder) != 1:
        raise LookupError(f"“{path}”: which of {len(holder)} records is not said")
    return holder[0]
