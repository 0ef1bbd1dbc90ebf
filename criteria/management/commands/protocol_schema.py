"""The JSON Schema of a definition file, for editors that complete keys and mark what is misspelt."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from criteria.definition.json_schema import definition_schema


class Command(BaseCommand):
    help = "Writes the JSON Schema (draft 2020-12) of a definition file, made from the code that reads one."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(definition_schema(), ensure_ascii=False, indent=1))
