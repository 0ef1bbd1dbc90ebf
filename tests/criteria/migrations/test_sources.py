"""A site that has published versions upgrades: its rows stay as they were, sealed, and nobody may rewrite them."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from criteria.models import Criterion, Parameter, ProtocolVersion
from criteria.definition.reader import place_of_edition
from criteria.versions.versions import load_definition, protocol_of
from screening.audit import append_only
from screening.audit.sealing import broken_seals, digest_of
from screening.models import RecordSeal
from tests.criteria.definition.test_reader import SMALL

BEFORE = [("criteria", "0003_created_at_indexed")]


@pytest.fixture
def published(transactional_db):
    """Return the number of rows sealed in each table of a version that was published before there were sources."""
    load_definition(SMALL)
    append_only.remove(connection)
    executor = MigrationExecutor(connection)
    old = executor.migrate(BEFORE).apps
    rows = {}
    for name in ("Criterion", "Parameter"):
        model = old.get_model("criteria", name)
        columns = [field.attname for field in model._meta.concrete_fields]
        assert "source" not in columns
        last = model._default_manager.latest("pk").pk
        digest, rows[name] = digest_of(settings.SEAL_KEY, model, columns, 0, last, "")
        RecordSeal.objects.create(
            table=model._meta.db_table, last=last, rows=rows[name], columns=" ".join(columns), digest=digest
        )
    call_command("migrate", verbosity=0)
    place_of_edition.cache_clear()
    return rows


def test_published_rows_stay_as_they_were_sealed_and_protected_when_a_site_is_upgraded(published):
    """One upgrade for all that is asked of it: going back and forth through the migrations takes a quarter of a minute."""
    assert published == {"Criterion": 2, "Parameter": 2}
    sources = {*Criterion.objects.values_list("source"), *Parameter.objects.values_list("source")}
    assert sources == {("",)}
    version = ProtocolVersion.objects.get()
    assert protocol_of(version).limits["max_pulse"].value == 100  # Tampered, were the fingerprint another one
    assert list(broken_seals()) == []
    for model in (Criterion, Parameter):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(source="Protocol 2.0")
