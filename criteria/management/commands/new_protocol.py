"""The beginning of a definition file, written to the standard output or to a file that does not exist yet."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from criteria.definition.files import file_text
from criteria.definition.libraries import library_names
from criteria.definition.registry_record import read_record
from criteria.definition.skeleton import library_skeleton_text, skeleton_text


class Command(BaseCommand):
    help = "Writes a commented definition to start from, which check_protocol finds sound."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", help="a new file; the standard output unless given")
        parser.add_argument(
            "--from-record",
            metavar="RECORD.txt",
            help="a registry record as text: its number, title, statements and numbers as a start, never its rules",
        )
        parser.add_argument(
            "--extends",
            metavar="LIBRARY",
            nargs="+",
            choices=library_names(),
            help="a file that extends libraries, with their criteria to choose from: %(choices)s",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["extends"] and options["from_record"]:
            raise CommandError("--extends and --from-record exclude each other")
        try:
            record = read_record(file_text(Path(options["from_record"]))) if options["from_record"] else None
            if record is not None and not record.statements:
                self.stderr.write("no list of inclusion or exclusion criteria was found in the record")
            names = tuple(dict.fromkeys(options["extends"] or ()))
            text = library_skeleton_text(names) if names else skeleton_text(record)
            if options["file"] is None:
                self.stdout.write(text, ending="")
                return
            with Path(options["file"]).open("x", encoding="utf-8") as file:  # nothing is overwritten
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{options['file']} exists already: nothing was written") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        found = f", {len(record.statements)} statements as comments" if record else ""
        self.stdout.write(f"{options['file']}: written{found}; check it with `manage.py check_protocol`")
