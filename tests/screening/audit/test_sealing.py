"""Somebody with the database in their hands takes the triggers away and rewrites what is on record."""

import hmac
from datetime import datetime, timedelta, timezone as fixed

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from screening.audit import append_only
from screening.audit.sealing import (
    BrokenSpan,
    Hourly,
    broken_seals,
    columns_of,
    digest_of,
    seal_daily,
    seal_records,
    seal_table,
    sealed_models,
)
from screening.models import AccessEvent, Draft, LogExport, RecordSeal, Revision, Subject, Verdict
from tests.screening.visits.test_concurrency import PEOPLE, at_once
from tests.support.factories import SubjectFactory, a_row_of_each

SUBJECTS = Subject._meta.db_table


@pytest.fixture
def sealed(trial, coordinator):
    """A row of each, sealed; without the seal that fits nothing, which a_row_of_each makes."""
    a_row_of_each(trial, coordinator)
    connection.check_constraints()
    append_only.remove(connection)
    RecordSeal.objects.all().delete()
    seal_records()


def more(trial, coordinator, number):
    for _ in range(number):
        SubjectFactory(trial=trial, created_by=coordinator)
        LogExport.objects.create(file_format="csv", created_by=coordinator)


def subjects():
    return list(Subject.objects.order_by("pk").values_list("pk", flat=True))


def broken():
    return list(broken_seals())


@pytest.mark.usefixtures("sealed")
def test_every_table_of_records_is_sealed_but_the_seals_themselves():
    assert set(sealed_models()) == set(append_only.protected_models()) - {RecordSeal}
    tables = set(RecordSeal.objects.values_list("table", flat=True))
    assert tables == {model._meta.db_table for model in sealed_models()}


@pytest.fixture
def chain(trial, coordinator):
    """Three seals over each of two tables, and nothing else that was tampered with."""
    for _ in range(3):
        more(trial, coordinator, 2)
        seal_records()
    connection.check_constraints()
    append_only.remove(connection)


def test_what_nobody_touched_fits(chain):
    assert broken() == []


@pytest.mark.parametrize("at", [0, 2, 5])
def test_changed_row_is_named_by_table_and_span(chain, at):
    keys = subjects()
    Subject.objects.filter(pk=keys[at]).update(screening_number="S-9999")
    first = at // 2 * 2
    assert broken() == [BrokenSpan(SUBJECTS, keys[first - 1] if first else 0, keys[first + 1])]


@pytest.mark.parametrize("change", [{"created_at": timezone.now()}, {"created_by": None}], ids=["time", "author"])
def test_another_time_or_author_is_noticed(chain, change, monitor):
    change = {name: value or monitor for name, value in change.items()}
    Subject.objects.filter(pk=subjects()[0]).update(**change)
    assert [each.table for each in broken()] == [SUBJECTS]


@pytest.mark.parametrize("at", [0, 3, 5])
def test_deleted_row_is_noticed(chain, at):
    Subject.objects.filter(pk=subjects()[at]).delete()
    assert [each.table for each in broken()] == [SUBJECTS]


@pytest.mark.parametrize("key", [-1, 0, "between"])
def test_row_put_in_between_or_before_is_noticed(chain, key, trial, coordinator):
    """Between, where a deleted one has left its place: of both spans that of the deleted one is broken already."""
    if key == "between":
        key = subjects()[1]
        Subject.objects.filter(pk=key).delete()
    SubjectFactory(pk=key, trial=trial, created_by=coordinator)
    assert broken() == [BrokenSpan(SUBJECTS, 0, subjects()[2 if key < 1 else 1])]


@pytest.mark.usefixtures("sealed")
def test_every_table_is_watched():
    """One column of one row of some tables, of a document and of a row that belongs to another record, too."""
    assert broken() == []
    Verdict.objects.filter(pk=Verdict.objects.first().pk).update(trace={})
    Revision.objects.update(document={"visit": {"date": "2026-03-10"}})
    AccessEvent.objects.update(address="192.0.2.1")
    assert {each.table for each in broken()} == {model._meta.db_table for model in (Verdict, Revision, AccessEvent)}


def test_seal_taken_out_of_the_middle_is_noticed(chain):
    keys = subjects()
    RecordSeal.objects.filter(table=SUBJECTS).order_by("last")[1:2].get().delete()
    assert broken() == [BrokenSpan(SUBJECTS, keys[1], keys[5])]


def test_seal_made_anew_without_the_key_does_not_fit(chain, settings):
    Subject.objects.filter(pk=subjects()[0]).update(screening_number="S-9999")
    seal = RecordSeal.objects.filter(table=SUBJECTS).order_by("last").first()
    RecordSeal.objects.filter(pk=seal.pk).update(
        digest=digest_of("guessed", Subject, columns_of(Subject), 0, seal.last, "")[0]
    )
    assert len(broken()) == 2  # the one after it continues another one, too


def test_seal_of_a_table_that_is_gone_is_told(chain):
    RecordSeal.objects.create(table="screening_gone", last=7, rows=7, digest="0" * 64)
    assert broken() == [BrokenSpan("screening_gone", 0, 7)]


def test_records_fit_when_the_key_was_replaced_and_not_when_it_is_lost(chain, settings, trial, coordinator):
    old, settings.SEAL_KEY = settings.SEAL_KEY, "another key"
    assert broken()
    settings.SEAL_KEY_FALLBACKS = [old]
    assert broken() == []
    more(trial, coordinator, 1)
    assert seal_records()
    assert broken() == []


def test_second_sealing_goes_on_and_a_third_finds_nothing_new(trial, coordinator):
    more(trial, coordinator, 2)
    assert seal_records() > 4
    more(trial, coordinator, 3)
    assert seal_records() == 6
    assert list(RecordSeal.objects.filter(table=SUBJECTS).order_by("last").values_list("rows", flat=True)) == [2, 3]
    before = RecordSeal.objects.count()
    assert seal_records() == 0
    assert RecordSeal.objects.count() == before


def test_what_came_after_the_last_seal_is_no_fault(chain, trial, coordinator):
    more(trial, coordinator, 1)
    assert broken() == []


def test_what_is_being_typed_is_not_sealed():
    assert Draft not in sealed_models()


# Once a day


def test_records_are_sealed_again_once_a_day_has_passed(trial, coordinator, monkeypatch):
    assert seal_daily()
    more(trial, coordinator, 1)
    assert seal_daily() == 0
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert seal_daily() == 2


def test_what_is_due_is_done_at_the_first_turn_and_then_once_an_hour(monkeypatch):
    now, done = [0.0], []
    monkeypatch.setattr("screening.audit.sealing.monotonic", lambda: now[0])
    turn = Hourly(lambda: done.append(now[0]))
    for now[0] in (0.0, 1.0, 3599.0, 3600.0, 7199.0, 7200.0):
        turn()
    assert done == [0.0, 3600.0, 7200.0]


def test_what_failed_is_tried_again_at_the_next_turn(monkeypatch):
    done = []

    def act():
        done.append(1)
        raise ValueError

    turn = Hourly(act)
    for _ in range(2):
        with pytest.raises(ValueError):
            turn()
    assert len(done) == 2


@pytest.mark.django_db(transaction=True)
def test_one_chain_is_left_when_several_seal_at_once(trial, coordinator):
    more(trial, coordinator, 3)
    results = at_once(lambda person: seal_records())
    assert all(isinstance(result, int) for result in results), results
    assert sum(results) >= 6
    assert len(results) == PEOPLE
    tables = list(RecordSeal.objects.values_list("table", flat=True))
    assert len(tables) == len(set(tables))
    assert broken() == []


def test_command_says_how_many_records_it_sealed(trial, capsys):
    call_command("seal_records")
    assert capsys.readouterr().out.endswith(" records sealed.\n")
    assert RecordSeal.objects.exists()


def test_seal_is_an_hmac_over_the_rows_as_json_whatever_the_database(trial, coordinator):
    """Written out by hand here: were it to differ between databases, records that moved would not fit any more."""
    at = datetime(2026, 3, 9, 17, 30, 0, 120, tzinfo=fixed(timedelta(hours=8)))
    subject = SubjectFactory(trial=trial, screening_number="S-Ü", created_by=coordinator, created_at=at)
    line = (
        f'{{"id":{subject.pk},"created_at":"2026-03-09T09:30:00.000120+00:00","created_by_id":{coordinator.pk},'
        f'"trial_id":{trial.pk},"screening_number":"S-\\u00dc"}}\n'
    )
    begin = "before id created_at created_by_id trial_id screening_number"
    expected = hmac.new(b"key", (begin + line).encode(), "sha256").hexdigest()
    assert digest_of("key", Subject, columns_of(Subject), 0, subject.pk, "before") == (expected, 1)


@pytest.mark.usefixtures("sealed")
def test_column_that_a_later_release_adds_breaks_no_seal(monkeypatch):
    """What it says was not sealed; what was, still is."""
    RecordSeal.objects.filter(table=LogExport._meta.db_table).delete()
    with monkeypatch.context() as before:
        before.setattr("screening.audit.sealing.columns_of", lambda model: ["id", "created_at", "file_format"])
        seal_table(LogExport)
    assert broken() == []


@pytest.mark.usefixtures("sealed")
def test_seal_whose_columns_were_shortened_does_not_fit():
    RecordSeal.objects.filter(table=LogExport._meta.db_table).update(columns="id created_at")
    assert [each.table for each in broken()] == [LogExport._meta.db_table]


@pytest.mark.usefixtures("sealed")
def test_seal_over_a_column_that_is_gone_does_not_fit():
    RecordSeal.objects.filter(table=LogExport._meta.db_table).update(columns="id gone")
    assert [each.table for each in broken()] == [LogExport._meta.db_table]
