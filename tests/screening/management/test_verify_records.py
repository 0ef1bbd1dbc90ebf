"""What shows that the records are those that were written: after tampering, and after a backup was restored."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from criteria.definition.reader import place_of_edition
from criteria.models import Approval
from screening.audit import append_only
from screening.audit.sealing import seal_records
from screening.eligibility.replay import replay
from screening.models import Assessment, Closure, RecordSeal, Signature, Verdict
from screening.review.decide import close_case
from screening.review.enrol import enrol
from screening.signatures.seals import seal_fits, verify_signature
from tests.screening.audit.told import told
from tests.support.amended import approved
from tests.support.reviewed import PASSWORD, assessed, sign


@pytest.fixture
def records(trial, coordinator, administrator, signer, investigator, cases, in_time):
    """Somebody enrolled, somebody whose case was closed, and an approved amendment; the first part of it sealed."""
    man = assessed(trial, coordinator, cases["base-man"]["document"])
    enrol(sign(man, signer, PASSWORD, "eligible"), coordinator)
    seal_records()
    woman = assessed(trial, coordinator, cases["base-woman"]["document"])
    close_case(woman.revision, signer, PASSWORD, "other", "Moves away.")
    approved(trial, administrator, investigator)
    seal_records()


@pytest.fixture
def tamper(records):
    connection.check_constraints()
    append_only.remove(connection)


def verified():
    """What the command says: that all fits, or what does not."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_records", stdout=out, stderr=err)
    except CommandError as error:
        return [
            str(error),
            *sorted(line.removeprefix("Does not fit its seal: ") for line in err.getvalue().split("\n") if line),
        ]
    return [out.getvalue().strip()]


def test_all_fits_when_nobody_touched_it(records):
    assert verified() == ["All records fit their seals."]


def test_changed_row_is_named_by_table_and_rows(tamper):
    verdict = Verdict.objects.last()
    last = Verdict.objects.filter(assessment=verdict.assessment).order_by("pk")
    Verdict.objects.filter(pk=verdict.pk).update(proof="well enough")
    table = f"screening_verdict: rows {last.first().pk} to {last.last().pk}"
    assert verified() == ["2 do not fit", f"assessment {verdict.assessment_id}", table]


@pytest.mark.parametrize("model", [Signature, Closure, Approval])
def test_signature_that_was_rewritten_is_named_also_when_the_seals_over_the_tables_are_gone(tamper, model):
    RecordSeal.objects.all().delete()
    model.objects.update(meaning="I was there.")
    signed = model.objects.get()
    assert verified() == ["1 do not fit", f"{model._meta.verbose_name} {signed.pk}"]


def test_command_changes_nothing_and_asks_as_often_for_many_signatures_as_for_few(
    records, trial, coordinator, signer, cases, django_assert_max_num_queries, django_assert_num_queries
):
    verified()
    with django_assert_max_num_queries(200) as few:
        verified()
    for _ in range(2):
        assessment = assessed(trial, coordinator, cases["base-man"]["document"])
        sign(assessment, signer, PASSWORD, "eligible")
    with django_assert_num_queries(len(few)) as many:
        verified()
    assert not [query for query in many.captured_queries if re.match("INSERT|UPDATE|DELETE", query["sql"])]


# A backup, restored


@pytest.mark.django_db(transaction=True)
def test_restored_backup_has_the_records_the_trail_and_signatures_that_hold(records, tmp_path):
    before = spoken()
    backup = tmp_path / "backup.xml"  # JSON as Django writes it has no microseconds, which are sealed
    call_command(
        "dumpdata", "auth", "criteria", "screening", exclude=["auth.permission"], format="xml", output=str(backup)
    )
    append_only.remove(connection)
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not Assessment.objects.exists()
    place_of_edition.cache_clear()
    call_command("loaddata", str(backup), verbosity=0)
    append_only.install(connection)
    assert spoken() == before
    assert verified() == ["All records fit their seals."]
    assert all(verify_signature(each) for model in (Signature, Closure) for each in model.objects.all())
    assert all(map(seal_fits, Approval.objects.all()))
    for assessment in Assessment.objects.all():
        again = replay(assessment)
        assert (again.differences, again.same_proofs, again.intact) == ((), True, True)
    assert seal_records() == 0


def spoken():
    """All that the trail says, and how many rows each table has."""
    models = [*apps.get_app_config("criteria").get_models(), *append_only.protected_models()]
    return told(), {model._meta.label: model._default_manager.count() for model in models}
