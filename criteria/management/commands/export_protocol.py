"""Export of the criteria in the form of a public standard, from a definition file or from the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from criteria.definition.files import file_text
from criteria.definition.reader import BadDefinition, Edition, parse_definition
from criteria.models import ProtocolVersion, Trial
from criteria.standards import STANDARDS, standard_text
from criteria.versions.versions import edition_of, version_on

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Writes the criteria as JSON: CDISC USDM 4.0 (usdm) or FHIR R5 EvidenceVariable (fhir). See docs/standards.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", required=True, choices=sorted(STANDARDS), help="the standard")
        parser.add_argument("--definition", metavar="FILE.yaml", help="of this file, without the database")
        parser.add_argument("--trial", metavar="CODE", help="which trial of the database, where there are several")
        parser.add_argument("--number", metavar="VERSION", help="which version; the one in force today unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = (
                edition_in(options["definition"]) if options["definition"] else published_edition(**choice_in(options))
            )
        except (OSError, UnicodeDecodeError, BadDefinition) as error:
            raise CommandError(f"{options['definition']}: {error}", returncode=UNUSABLE) from error
        except (OperationalError, ProgrammingError) as error:
            message = f"the database is not ready ({error}); `manage.py migrate` makes its tables"
            raise CommandError(message, returncode=UNUSABLE) from error
        self.stdout.write(standard_text(edition, options["format"]), ending="")


def choice_in(options: dict[str, Any]) -> dict[str, str | None]:
    return {"code": options["trial"], "number": options["number"]}


def edition_in(path: str) -> Edition:
    return Edition(*parse_definition(file_text(Path(path))))


def published_edition(code: str | None, number: str | None) -> Edition:
    """Return a published version of the trial named, or of the only one: by its number, or the one in force today.

    CommandError where there is none, or where it is not said which of several trials is meant.
    """
    found = list((Trial.objects.filter(code=code) if code else Trial.objects.all())[:2])
    if len(found) != 1:
        wanted = f"no trial {code}" if code else "no trial" if not found else "several trials: name one with --trial"
        raise CommandError(f"{wanted} in the database (load_protocol FILE loads one)", returncode=UNUSABLE)
    try:
        if number is None:
            return edition_of(version_on(found[0], timezone.localdate()))
        return edition_of(ProtocolVersion.objects.get(trial=found[0], number=number))
    except ProtocolVersion.DoesNotExist as error:
        raise CommandError(f"{found[0]} {number or ''}: {error}", returncode=UNUSABLE) from error
