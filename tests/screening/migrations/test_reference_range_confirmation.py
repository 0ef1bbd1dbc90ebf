"""A site with reference ranges upgrades: they stay as they were, sealed, and count without a second person."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from screening.audit import append_only
from screening.audit.sealing import broken_seals, digest_of
from screening.models import RecordSeal, ReferenceRange
from screening.visits.reference_ranges import ranges_of
from tests.support.factories import ReferenceRangeFactory, UserFactory

BEFORE = [("screening", "0008_field_words")]


@pytest.fixture
def upgraded(transactional_db, version):
    """A site whose range was entered and sealed before ranges were confirmed."""
    row = ReferenceRangeFactory(trial=version.trial, created_by=UserFactory(), uln=104)
    append_only.remove(connection)
    model = MigrationExecutor(connection).migrate(BEFORE).apps.get_model("screening", "ReferenceRange")
    columns = [field.attname for field in model._meta.concrete_fields]
    assert "needs_confirmation" not in columns
    digest, rows = digest_of(settings.SEAL_KEY, model, columns, 0, row.pk, "")
    RecordSeal.objects.create(
        table=model._meta.db_table, last=row.pk, rows=rows, columns=" ".join(columns), digest=digest
    )
    call_command("migrate", verbosity=0)
    return version.trial


def test_ranges_count_as_they_did_and_stay_sealed_when_a_site_is_upgraded(upgraded):
    (row,) = ranges_of(upgraded).rows
    assert (row.uln, row.laboratory, row.is_confirmed, row.is_wrong) == (104, "", True, False)
    assert ranges_of(upgraded).find("creatinine", "male", row.valid_from, "umol/L") == row
    assert list(broken_seals()) == []
    assert ReferenceRange(analyte="ast").needs_confirmation
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReferenceRange.objects.update(needs_confirmation=True)
