from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.models import Assessment, Closure, Signature
from screening.seals import is_intact, verify
from screening.trail.sealing import broken_seals

CHUNK = 100


class Command(BaseCommand):
    help = (
        "Holds all records against their seals: after a restored backup, and whenever somebody asks. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [f"{each.table}: rows {each.after + 1} to {each.last}" for each in broken_seals()]
        assessments = Assessment.objects.prefetch_related("verdicts").iterator(CHUNK)
        broken += [f"assessment {each.pk}" for each in assessments if not is_intact(each)]
        signed = [each for model in (Signature, Closure) for each in model._default_manager.all()]
        broken += [f"{each._meta.verbose_name} {each.pk}" for each in signed if not verify(each)]
        for each in broken:
            self.stderr.write(f"Does not fit its seal: {each}")
        if broken:
            raise CommandError(f"{len(broken)} do not fit")
        self.stdout.write("All records fit their seals.")
