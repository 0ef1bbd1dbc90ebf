from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from criteria.models import Approval
from screening.models import Assessment, Closure, Signature
from screening.seals import is_intact, seal_fits, verify
from screening.trail.sealing import broken_seals

CHUNK = 100


def named(signed: Model) -> str:
    return f"{signed._meta.verbose_name} {signed.pk}"


class Command(BaseCommand):
    help = (
        "Holds all records against their seals: after a restored backup, and whenever somebody asks. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [f"{each.table}: rows {each.after + 1} to {each.last}" for each in broken_seals()]
        assessments = Assessment.objects.prefetch_related("verdicts").iterator(CHUNK)
        broken += [f"assessment {each.pk}" for each in assessments if not is_intact(each)]
        signed = [each for model in (Signature, Closure) for each in model._default_manager.all()]
        broken += [named(each) for each in signed if not verify(each)]
        broken += [named(each) for each in Approval.objects.all() if not seal_fits(each)]
        for each in broken:
            self.stderr.write(f"Does not fit its seal: {each}")
        if broken:
            raise CommandError(f"{len(broken)} do not fit")
        self.stdout.write("All records fit their seals.")
