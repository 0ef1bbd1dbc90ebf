"""Check of a definition file from the command line, without a database: every fault, with its place in the file."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from criteria.definition.files import file_text
from criteria.definition.protocol_tests import results_of_tests
from criteria.definition.reader import CheckedDefinition, check_definition

UNREADABLE_FILE = 2


class Command(BaseCommand):
    help = (
        "Checks a definition file completely, runs its tests and writes FILE:LINE:COLUMN: for everything found. Exit"
        " status: 0 where there are warnings at most, 1 where there is a fault, 2 where there is no such file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a definition file (docs/protocol-format.md)")
        parser.add_argument("--json", action="store_true", help="write a JSON list of what was found, for editors")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            checked = check_definition(file_text(Path(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}", returncode=UNREADABLE_FILE) from error
        if options["json"]:
            found = [each._asdict() for each in checked.findings]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.write_findings(path, checked)
        if checked.errors:
            sys.exit(1)

    def write_findings(self, path: str, checked: CheckedDefinition) -> None:
        for each in checked.findings:
            place = f"{each.path}: " if each.path else ""
            self.stdout.write(f"{path}:{each.line}:{each.column}: {each.severity}: {place}{each.message}")
        counts = f"faults: {len(checked.errors)}, warnings: {len(checked.warnings)}"
        if checked.protocol is None or checked.errors:
            self.stdout.write(f"{path}: refused; {counts}")
            return
        criteria, tests = len(checked.protocol.criteria), len([*results_of_tests(checked.data, checked.protocol)])
        self.stdout.write(f"{path}: sound; {counts}, criteria: {criteria}, tests passed: {tests}")
