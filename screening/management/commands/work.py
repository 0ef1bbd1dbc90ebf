from typing import Any

from django.core.management.base import BaseCommand

from screening.audit.sealing import Hourly, seal_daily
from screening.simulations.worker import Worker
from screening.submissions.keys import forget_old_keys
from trialsite.startup import refuse_unsafe


class Command(BaseCommand):
    help = (
        "Does what runs long (dry runs, large simulations), seals the day's records, and forgets which forms were taken"
        " a week ago, until it is stopped; run one beside the server."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        Worker(between=Hourly(keep_house)).run_until_signal()


def keep_house() -> None:
    """Do what is due beside the tasks, whether anybody asks for it or not."""
    seal_daily()
    forget_old_keys()
