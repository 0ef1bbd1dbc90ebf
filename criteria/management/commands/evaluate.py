"""Evaluation of visit documents from the command line, one line each, in constant memory."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connections
from django.utils import timezone

from criteria.definition.files import file_text
from criteria.definition.reader import BadDefinition, parse_definition
from criteria.evaluation import incoming
from criteria.evaluation.checks import CheckContext
from criteria.evaluation.in_order import map_in_order
from criteria.evaluation.protocol import Protocol
from criteria.management.progress import Progress
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
        parser.add_argument(
            "--outcomes-only", action="store_true", help="outcomes, without proofs, missing facts and checks"
        )
        parser.add_argument(
            "--workers",
            metavar="N",
            type=positive,
            default=1,
            help="processes; the answers keep the order of the lines",
        )
        parser.add_argument(
            "--today",
            metavar="YYYY-MM-DD",
            type=date.fromisoformat,
            help="the day by which checks judge what lies ahead or in the past; the day of the run unless given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        context = CheckContext(options["today"] or timezone.localdate())
        protocol = self.from_file(options["definition"]) if options["definition"] else self.from_rows(options["trial"])
        answering = Answering(protocol, context, outcomes_only=options["outcomes_only"])
        if options["workers"] > 1:
            connections.close_all()  # processes must not share one
        try:
            with nullcontext(sys.stdin.buffer) if options["file"] == "-" else Path(options["file"]).open("rb") as lines:
                self.write_answers(map_in_order(answering.text, entry_texts(iter(lines)), options["workers"]))
        except BrokenProcessPool as error:
            raise CommandError(f"a process was ended from outside: {error}", returncode=UNUSABLE) from error
        except BrokenPipeError:  # whoever read the answers has seen enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (so that flushing at exit meets no broken pipe)
        except OSError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def write_answers(self, texts: Iterable[str]) -> None:
        """Write the answers; on a terminal beside them, how many they are so far."""
        progress = Progress(sys.stderr, "documents")
        progress.is_shown = progress.is_shown and not self.stdout.isatty()
        for text in texts:
            self.stdout.write(text)
            progress.count()
        progress.finish()

    def from_file(self, path: str) -> Protocol:
        try:
            return parse_definition(file_text(Path(path)))[1]
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


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def answer_lines(protocol: Protocol, lines: Iterable[bytes], context: CheckContext) -> Iterator[dict[str, Any]]:
    return map(Answering(protocol, context).line, entry_texts(iter(lines)))


def entry_texts(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the text of each document; one that is written over several lines is one text."""
    start = list(islice((line for line in lines if line.strip()), 1))
    if start and not is_readable(start[0]):
        start.extend(take(lines, LONGEST_DOCUMENT))
        if is_readable(b"".join(start)):
            start = [b"".join(start)]
    for line in chain(start, lines):
        if line.strip():
            yield line


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


class Answering:
    """What is answered to the text of a document: a line, as data or as it is written."""

    def __init__(self, protocol: Protocol, context: CheckContext, *, outcomes_only: bool = False) -> None:
        self.protocol = protocol
        self.context = context
        self.outcomes_only = outcomes_only
        protocol.compile()  # once, before there are several processes

    def text(self, text: bytes) -> str:
        return canonical.dump(self.line(text))

    def line(self, text: bytes) -> dict[str, Any]:
        identity, document = entry(text)
        return {"id": identity, **self.answer(document)}

    def answer(self, document: Any) -> dict[str, Any]:
        if isinstance(document, Fault):
            return {"faults": [document._asdict()]}
        try:
            if self.outcomes_only:
                return self.protocol.outcomes_answer(document)._asdict()
            return self.protocol.answer(document, self.context)._asdict()
        except BadDocument as error:
            return {"faults": [fault._asdict() for fault in error.faults]}
