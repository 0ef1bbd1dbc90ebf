from typing import Any

from django.core.management.base import BaseCommand

from screening.audit.sealing import Hourly, seal_daily
from screening.simulations.worker import Worker
from trialsite.startup import refuse_unsafe


class Command(BaseCommand):
    help = (
        "Does what runs long (dry runs, large simulations), and seals the day's records, until it is stopped; run one"
        " beside the server."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        Worker(between=Hourly(seal_daily)).run_until_signal()
