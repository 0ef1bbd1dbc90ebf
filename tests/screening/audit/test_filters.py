"""Each filter lets through what it says and nothing else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.access.rights import grant_role, revoke_grant
from screening.audit import KINDS, AuditTrailFilter, audit_trail_page
from screening.audit.filters import trail_filter_text
from screening.models import AccessEvent, EditCheckQuery
from screening.review.questions import ask_question
from screening.visits.field_history import history_of
from screening.visits.save import open_visit, register_subject, save_section
from tests.screening.audit.told import told
from tests.support.factories import PromptFactory, UserFactory, a_row_of_each

ANC = {"analyte": "anc", "value": 2, "unit": "10*9/L", "collected": "2026-03-01"}
PLATELETS = {"analyte": "platelets", "value": 200, "unit": "10*9/L", "collected": "2026-03-01"}


@pytest.fixture
def save(trial, coordinator):
    """Saves sections of one visit."""
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})

    def save(section, part):
        save_section(visit, section, part, visit.latest_revision().number, coordinator, reason="as told")
        return visit

    return save


def titles(**filters):
    return [entry.title for entry in told(**filters)]


def test_kinds_together_are_everything_and_none_is_in_two(trial, coordinator):
    a_row_of_each(trial, coordinator)
    found = [(entry.title, entry.key) for kind in KINDS for entry in told(kind=kind)]
    assert sorted(found) == sorted((entry.title, entry.key) for entry in told())
    assert all({entry.kind for entry in told(kind=kind)} == {kind} for kind in KINDS)


def test_person_is_who_did_it_and_to_whom_it_was_done(superuser, trial, coordinator):
    account = UserFactory(username="maria")
    revoke_grant(grant_role(account, "coordinator", "delegation log", superuser), "left", superuser)
    register_subject(trial, account)
    register_subject(trial, coordinator)
    assert titles(person="maria") == ["right granted", "right revoked", "subject"]
    assert titles(person="Maria") == titles(person="mari") == []


def test_subject_is_the_one_of_that_number(trial, coordinator):
    for _ in range(2):
        open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    assert titles(subject="S-0002") == ["subject", "visit", "entry"]
    assert titles(subject="S-000") == titles(subject="S-0003") == []


def test_history_of_a_field_is_that_of_its_page(save, signer):
    for ecog in (0, 1):
        visit = save("performance", {"performance": {"ecog": ecog}})
    save("imaging", {"imaging": {"fistula_risk": "no"}})
    ask_question(visit, signer, "Who saw it?", path="performance.ecog")
    ask_question(visit, signer, "Who saw it?", path="imaging.fistula_risk")
    history = [entry.revision.pk for entry in history_of(visit, "performance.ecog")]
    found = told(subject="S-0001", path="performance.ecog")
    assert [entry.key for entry in found if entry.title in ("entry", "correction")] == history[::-1]
    assert [entry.title for entry in found] == ["entry", "correction", "question"]


def test_history_that_an_entry_leads_to_is_that_of_its_own_record(save):
    """By an index it would be that of the record which stands there by now."""
    save("laboratory", {"labs": [ANC, PLATELETS]})
    save("laboratory", {"labs": [ANC | {"value": 3}, PLATELETS]})
    visit = save("laboratory", {"labs": [PLATELETS]})
    paths = {change.history for entry in told(kind="data") for change in entry.changes if "Neutro" in change.label}
    assert paths == {"labs.anc"}
    found = [entry.key for entry in told(subject="S-0001", path="labs.anc")]
    assert found == [entry.revision.pk for entry in reversed(history_of(visit, "labs.anc"))]
    assert len(found) == 3


def test_record_without_a_name_leads_to_the_history_of_its_list(save):
    visit = save("therapies", {"therapies": [{"kind": "systemic", "name": "first line"}]})
    (change, *_) = (change for change in told()[-1].changes if change.path.startswith("therapies[0]"))
    assert change.history == "therapies"
    found = [entry.key for entry in told(subject="S-0001", path=change.history)]
    assert found == [entry.revision.pk for entry in reversed(history_of(visit, "therapies"))]


def test_implausible_value_that_was_asked_back_belongs_to_the_history_of_its_test(save):
    PromptFactory(visit=save("performance", {"performance": {"ecog": 0}}))
    (entry,) = told(subject="S-0001", path="labs.haemoglobin")
    assert isinstance(EditCheckQuery.objects.get(pk=entry.key), EditCheckQuery)
    assert [(change.path, change.new) for change in entry.changes] == [
        ("labs[0].value", "labs.haemoglobin 140 g/dL 2026-03-08")
    ]
    assert told(subject="S-0001", path="labs.haemo") == []


def test_text_is_looked_for_in_reasons_and_words_whatever_the_case(save, signer):
    visit = save("performance", {"performance": {"ecog": 0}})
    ask_question(visit, signer, "Was it 100% sure?")
    assert titles(search="AS TOLD") == ["entry"]
    assert titles(search="100%") == ["question"]
    assert titles(search="1_0") == []


def test_days_begin_and_end_by_the_clock_of_the_site(settings, coordinator):
    settings.TIME_ZONE = "Asia/Shanghai"
    midnight = datetime(2026, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    second = timedelta(microseconds=1)
    for at in (midnight - second, midnight, midnight + timedelta(1) - second, midnight + timedelta(1)):
        AccessEvent.objects.create(kind="login", created_by=coordinator, created_at=at)
    day = date(2026, 3, 10)
    times = [entry.at.astimezone(UTC) for entry in told(kind="access", since=day, until=day)]
    assert times == [midnight, midnight + timedelta(1) - second]
    assert len(told(kind="access", since=day)) == len(told(kind="access", until=day)) == 3
    entry = told(kind="access", since=day)[0]
    assert (entry.utc, entry.local) == ("2026-03-09 16:00:00 UTC", "2026-03-10 00:00:00 +0800")


def test_filters_together_let_through_what_all_of_them_do(save, trial, coordinator):
    save("performance", {"performance": {"ecog": 0}})
    register_subject(trial, coordinator)
    today = timezone.localdate()
    name = coordinator.username
    assert titles(person=name, kind="data", subject="S-0001", search="told", since=today) == ["entry"]
    assert titles(person=name, kind="data", subject="S-0002") == ["subject"]
    assert titles(person="nobody", kind="data") == titles(kind="data", until=today - timedelta(1)) == []


def test_filter_is_said_in_words():
    filters = AuditTrailFilter(person="maria", kind="access", since=date(2026, 3, 1), until=date(2026, 3, 9))
    assert trail_filter_text(filters) == "user: maria; kind: logins and denials; from: 2026-03-01; to: 2026-03-09"
    assert trail_filter_text(AuditTrailFilter()) == "everything"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["password refused", "PASSWORD REFUSED", "access"])
def test_text_is_looked_for_in_what_happened_too(text, coordinator):
    """As the page says it, not as it is stored: an inspector looks for what stands there."""
    AccessEvent.objects.create(created_by=coordinator, kind="password")
    found = [entry.words for entry in audit_trail_page(AuditTrailFilter(search=text, kind="access")).entries]
    assert found == ["user name and password refused"]


def test_screening_number_is_found_in_small_letters(trial, coordinator):
    subject = register_subject(trial, coordinator)
    found = audit_trail_page(AuditTrailFilter(subject=subject.screening_number.lower())).entries
    assert [entry.subject for entry in found] == [subject]


# Fields and values across subjects


@pytest.fixture
def two_subjects(trial, coordinator):
    """Two subjects with neutrophils of 2 and of 3, and platelets of 200."""
    visits = []
    for value in (2, 3):
        visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
        save_section(visit, "laboratory", {"labs": [ANC | {"value": value}, PLATELETS]}, 1, coordinator)
        visits.append(visit)
    return visits


def numbers(**filters):
    return [(entry.subject.screening_number, entry.words) for entry in told(kind="data", **filters)]


def test_field_is_found_across_subjects(two_subjects, coordinator):
    save_section(two_subjects[1], "performance", {"performance": {"ecog": 1}}, 2, coordinator)
    assert numbers(path="labs.anc") == [("S-0001", "revision 2"), ("S-0002", "revision 2")]
    assert numbers(path="performance") == numbers(path="performance.ecog") == [("S-0002", "revision 3")]
    assert numbers(path="labs.an") == []


def test_value_is_found_across_subjects_with_its_unit_and_in_words(two_subjects):
    assert numbers(search="3 ×10⁹/L") == [("S-0002", "revision 2")]
    assert len(numbers(search="neutrophils")) == len(numbers(search="200")) == 2


def test_value_is_found_in_the_field_alone_when_one_is_named(two_subjects):
    assert numbers(path="labs.anc", search="200") == []
    assert numbers(path="labs.anc", search="3 ×10") == [("S-0002", "revision 2")]
    assert len(numbers(path="labs.platelets", search="200")) == 2


def test_value_is_found_of_one_subject_when_it_is_named(two_subjects):
    assert numbers(subject="S-0001", search="neutrophils") == [("S-0001", "revision 2")]


def test_search_for_values_asks_as_often_for_many_subjects_as_for_two(two_subjects, trial, coordinator):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            audit_trail_page(AuditTrailFilter(path="labs.anc", search="×10", kind="data"))
        return len(asked)

    before = queries()
    for _ in range(5):
        visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
        save_section(visit, "laboratory", {"labs": [ANC, PLATELETS]}, 1, coordinator)
    assert queries() == before
