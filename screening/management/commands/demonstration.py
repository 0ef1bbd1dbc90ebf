from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from criteria.models import Trial
from screening.demonstration.consent import create_consent_forms
from screening.demonstration.create import create_accounts, create_people
from screening.demonstration.decisions import create_decisions
from screening.demonstration.ranges import create_ranges

TRIAL = "NCT05990231"


class Command(BaseCommand):
    help = "Creates the demonstration's accounts, seventeen subjects and a laboratory. Run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Refused: its passwords are public. It runs with the demonstration settings only.")
        trial = Trial.objects.filter(code=TRIAL).first()
        if trial is None:
            raise CommandError(f"Load the protocol first: manage.py load_protocol criteria/protocols/{TRIAL}.yaml")
        names = [name for name, _password, _role in settings.DEMONSTRATION_ACCOUNTS]
        if User.objects.exclude(username__in=names).exists():
            raise CommandError("Refused: this database has accounts of its own, and the demonstration's are public.")
        accounts = create_accounts()
        people = create_people(trial, demonstration_account("coordinator"))
        if people:
            password = next(its for _name, its, role in settings.DEMONSTRATION_ACCOUNTS if role == "investigator")
            people += create_decisions(
                trial, demonstration_account("coordinator"), demonstration_account("investigator"), password
            )
        create_ranges(trial, demonstration_account("administrator"), demonstration_account("investigator"))
        create_consent_forms(trial, demonstration_account("administrator"))
        self.stdout.write(f"Demonstration: {accounts} accounts and {people} subjects created.")


def demonstration_account(role: str) -> User:
    return next(
        User.objects.get(username=name) for name, _password, its in settings.DEMONSTRATION_ACCOUNTS if its == role
    )
