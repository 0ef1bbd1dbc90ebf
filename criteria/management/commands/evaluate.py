"""Evaluation of visit documents from the command line, one line each, in constant memory."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from criteria.definition.reader import BadDefinition, parse_definition
from criteria.evaluation import incoming
from criteria.evaluation.protocol import Protocol
from criteria.models import ProtocolVersion, Trial
from criteria.records import canonical
from criteria.versions.versions import protocol_of, version_on
from criteria.vocabulary.faults import BadDocument, Fault

UNUSABLE = 2
LONGEST_DOCUMENT = 1 << 22  # bytes


class Command(BaseCommand):
    help = "Evaluates one visit document (JSON), or JSON lines of {id, document}, and writes a JSON line for each."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON or JSON lines; - reads the standard input")
        parser.add_argument(
            "--definition", metavar="FILE.yaml", help="evaluate against this file, without the database"
        )
        parser.add_argument("--trial", metavar="CODE", help="which trial of the database, where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        protocol = self.from_file(options["definition"]) if options["definition"] else self.from_rows(options["trial"])
        try:
            with nullcontext(sys.stdin.buffer) if options["file"] == "-" else Path(options["file"]).open("rb") as lines:
                for line in answer_lines(protocol, lines):
                    self.stdout.write(canonical.dump(line))
        except BrokenPipeError:  # whoever read the answers has seen enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (so that flushing at exit meets no broken pipe)
        except OSError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def from_file(self, path: str) -> Protocol:
        try:
            return parse_definition(Path(path).read_text(encoding="utf-8"))[1]
        except (OSError, UnicodeDecodeError, BadDefinition) as error:
            raise CommandError(f"{path}: {error}", returncode=UNUSABLE) from error

    def from_rows(self, code: str | None) -> Protocol:
        try:
            return self.current_protocol(code)
        except (OperationalError, ProgrammingError) as error:
            message = f"the database is not ready ({error}); `manage.py migrate` makes its tables"
            raise CommandError(message, returncode=UNUSABLE) from error

    def current_protocol(self, code: str | None) -> Protocol:
        """Return the protocol in force today, of the trial named or of the only one.

        CommandError where the trial or its version is missing, or the trial is ambiguous.
        """
        trials = Trial.objects.filter(code=code) if code else Trial.objects.all()
        found = list(trials[:2])
        if len(found) != 1:
            wanted = (
                f"no trial {code}" if code else "no trial" if not found else "several trials: name one with --trial"
            )
            raise CommandError(f"{wanted} in the database (load_protocol FILE loads one)", returncode=UNUSABLE)
        try:
            return protocol_of(version_on(found[0], timezone.localdate()))
        except ProtocolVersion.DoesNotExist as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error


def answer_lines(protocol: Protocol, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for identity, document in entries(iter(lines)):
        yield {"id": identity, **answer(protocol, document)}


def entries(lines: Iterator[bytes]) -> Iterator[tuple[Any, Any]]:
    """Yield the id and the document of each line; a document written over several lines is one entry."""
    start = list(islice((line for line in lines if line.strip()), 1))
    if start and not is_readable(start[0]):
        start.extend(take(lines, LONGEST_DOCUMENT))
        if is_readable(b"".join(start)):
            start = [b"".join(start)]
    for line in chain(start, lines):
        if line.strip():
            yield entry(line)


def take(lines: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield lines until that many bytes are exceeded.

    The limit is enough for any document, and bounds the memory in use.
    """
    taken = 0
    for line in lines:
        yield line
        taken += len(line)
        if taken > most:
            return


def is_readable(text: bytes) -> bool:
    return not isinstance(entry(text)[1], Fault)


def entry(line: bytes) -> tuple[Any, Any]:
    """Return the id and the document of a line.

    Both for `{"id", "document"}`; None and the document for a bare one; None and a Fault for what is not JSON.
    """
    try:
        data = incoming.read(line.decode("utf-8-sig"))
    except ValueError as error:
        return None, Fault("", f"not readable as JSON: {error}")
    if isinstance(data, dict) and "document" in data:
        return entry_with_id(data.get("id"), data["document"])
    return None, data


def entry_with_id(identity: Any, document: Any) -> tuple[Any, Any]:
    """Return the id as it was given, with the document; a Fault where the id cannot be written again.

    Such an id holds NaN, or a key given twice; None takes its place.
    """
    try:
        canonical.dump(identity)
    except (TypeError, ValueError, RecursionError) as error:
        return None, Fault("id", f"not an id that can be given back: {error}")
    return identity, document


def answer(protocol: Protocol, document: Any) -> dict[str, Any]:
    if isinstance(document, Fault):
        return {"faults": [document._asdict()]}
    try:
        return protocol.answer(document)._asdict()
    except BadDocument as error:
        return {"faults": [fault._asdict() for fault in error.faults]}
