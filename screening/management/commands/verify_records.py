from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from criteria.models import Approval, long_fields
from screening.audit.sealing import broken_seals
from screening.models import Assessment, Closure, Reopening, Signature, SignatureWithdrawal
from screening.signatures.seals import is_intact, seal_fits

FETCH_SIZE = 500
READ = ("version", "revision")  # by a fingerprint
SIGNED: dict[type[Model], str] = {
    Signature: "assessment__revision__visit__subject__trial",
    SignatureWithdrawal: "signature__assessment__revision__visit__subject__trial",
    Closure: "revision__visit__subject__trial",
    Reopening: "closure__revision__visit__subject__trial",
    Approval: "version__trial",
}


class Command(BaseCommand):
    help = (
        "Holds all records against their seals: after a restored backup, and whenever somebody asks. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [f"{each.table}: rows {each.after + 1} to {each.last}" for each in broken_seals()]
        assessments = (
            Assessment.objects.select_related(*READ).defer(*long_fields("version__")).prefetch_related("verdicts")
        )
        broken += [f"assessment {each.pk}" for each in assessments.iterator(FETCH_SIZE) if not is_intact(each)]
        for model, path in SIGNED.items():
            signed: Any = model._default_manager.select_related(path).iterator(FETCH_SIZE)
            broken += [f"{each._meta.verbose_name} {each.pk}" for each in signed if not seal_fits(each)]
        for each in broken:
            self.stderr.write(f"Does not fit its seal: {each}")
        if broken:
            raise CommandError(f"{len(broken)} do not fit")
        self.stdout.write("All records fit their seals.")
