from typing import Any

from django.core.management.base import BaseCommand

from screening.audit.sealing import seal_records


class Command(BaseCommand):
    help = "Seals every record that came since the last time. To be run daily; `verify_records` holds them against it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_records()} records sealed.")
