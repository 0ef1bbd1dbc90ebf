from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, transaction

from criteria.definition.files import file_text
from criteria.definition.reader import BadDefinition, check_definition, parse_definition
from criteria.models import ProtocolVersion, Trial
from criteria.versions.versions import load_definition, newest_version


class Command(BaseCommand):
    help = "Checks a trial's first definition file completely and publishes it. Later versions come by amendment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a definition file (docs/protocol-format.md)")
        parser.add_argument("--first", action="store_true", help="load nothing where the trial has a version already")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            text = file_text(path)
            version, new = first_version(text, keep=options["first"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"the database is not ready ({error}); `manage.py migrate` makes its tables") from error
        except BadDefinition as error:
            for place, message in error.faults:
                self.stderr.write(f"{place}: {message}" if place else message)
            raise CommandError(f"{path}: refused; faults: {len(error.faults)}") from error
        for each in check_definition(text).warnings if new else ():
            self.stderr.write(f"{path}:{each.line}:{each.column}: warning: {each.path}: {each.message}")
        count = version.criteria.count()
        self.stdout.write(f"{version}: {'loaded' if new else 'unchanged'}, {count} criteria")


@transaction.atomic
def first_version(text: str, *, keep: bool) -> tuple[ProtocolVersion, bool]:
    """Load a trial's first version; for a trial that has versions, return only what is published.

    That is with `keep` the newest version, whatever the file holds, else the version of the file; CommandError
    where that would be another one. The second value is whether the version is new, as for `load_definition`.
    """
    _data, protocol = parse_definition(text)
    trial = Trial.objects.filter(code=protocol.trial).first()
    there = newest_version(trial) if trial else None
    if there and keep:
        return there, False
    version, new = load_definition(text)
    if there and new:
        raise CommandError(
            f"{trial} has version {there.number}: a changed definition comes by amendment, on the page Protocol"
            " (there, a definition file can be uploaded), so that its effect is seen and a second user approves it"
        )
    return version, new
