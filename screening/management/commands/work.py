from typing import Any

from django.core.management.base import BaseCommand

from screening.simulation.worker import Worker


class Command(BaseCommand):
    help = "Does what runs long (dry runs, large simulations) until it is stopped; run one beside the server."

    def handle(self, *args: Any, **options: Any) -> None:
        Worker().go_on()
