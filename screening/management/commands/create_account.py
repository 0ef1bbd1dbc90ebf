from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from criteria.vocabulary import BadDocument
from screening.access.accounts import create_account, give_access
from screening.access.rights import grant_by_command
from screening.models import Role


class Command(BaseCommand):
    help = (
        "Creates an account with the right to keep the others, and prints the address at which its user sets the"
        " password. It is on record as made by itself. A site makes two: each confirms whom the other gave access."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--reason", required=True, help="for the record: who asked for it, and why")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = create_account(
                options["username"], options["first_name"], options["last_name"], options["reason"]
            )
            account = give_access(account, options["reason"])
        except BadDocument as bad:
            raise CommandError("; ".join(f"{path}: {message}" for path, message in bad.faults)) from bad
        grant_by_command(account, Role.SUPERUSER, options["reason"])
        token = default_token_generator.make_token(account)
        path = reverse("access-link", args=[urlsafe_base64_encode(force_bytes(account.pk)), token])
        self.stdout.write(f"Open within a day, at the address of the site: {path}")
