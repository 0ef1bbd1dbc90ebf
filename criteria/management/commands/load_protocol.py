from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from criteria.definition import BadDefinition
from criteria.versions import load


class Command(BaseCommand):
    help = "Checks a trial's definition file completely and publishes it as a protocol version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a definition file (docs/protocol-format.md)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            version, new = load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"the database is not ready ({error}); `manage.py migrate` makes its tables") from error
        except BadDefinition as error:
            for place, message in error.faults:
                self.stderr.write(f"{place}: {message}" if place else message)
            raise CommandError(f"{path}: refused; faults: {len(error.faults)}") from error
        count = version.criteria.count()
        self.stdout.write(f"{version}: {'loaded' if new else 'unchanged'}, {count} criteria")
