import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.exports.deidentified import export_deidentified, visit_lines, visits
from screening.exports.deidentified.visits import ExportedVisit, LatestFinding
from screening.log.filter import LogFilter
from screening.models import Assessment, LogExport, Subject
from screening.review.decide import close_case
from screening.shared.csv import ExportedFile
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import RevisionFactory, StandingFactory, SubjectFactory, UserFactory, VisitFactory
from tests.support.reviewed import PASSWORD, assessed, later_version, saved_again, sign

TITLES = ["subject", "attempt", "item", "label", "value", "unit"]


def text_of(file: ExportedFile) -> str:
    return b"".join(file.content).decode("utf-8-sig")


def rows(user: Any, filters: LogFilter | None = None) -> list[list[str]]:
    text = text_of(export_deidentified(filters or LogFilter(), user))
    titles, *found = list(csv.reader(io.StringIO(text, newline="")))
    assert titles == TITLES
    return found


def values(found: list[list[str]], person: str = "D-0001", attempt: str = "1") -> dict[str, str]:
    return {row[2]: row[4] for row in found if row[:2] == [person, attempt]}


def people(found: list[list[str]]) -> list[str]:
    return list(dict.fromkeys(row[0] for row in found))


def test_file_holds_what_was_answered_and_found(trial, coordinator, cases):
    assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    found = values(rows(coordinator))
    assert (found["trial.code"], found["protocol.version"]) == ("NCT05990231", "1.5")
    assert (found["performance.ecog"], found["consent.date"], found["subject.birth_date.age"]) == ("2", "-4", "64")
    assert (found["outcome.overall"], found["outcome.I03"], found["outcome.I02"]) == ("ineligible", "fail", "pass")
    assert (found["outcome.I09"], found["outcome.version"], found["outcome.current"]) == (
        "not_applicable",
        "1.5",
        "yes",
    )
    assert len([item for item in found if re.fullmatch(r"outcome\.[IE]\d\d", item)]) == 42


def test_who_obtained_the_consent_by_which_form_and_at_what_time_stays_here(trial, coordinator, cases):
    said = {"version": "form-7", "obtained_by": "Dr Who", "time": "09:31"}
    document = cases["base-man"]["document"]
    consent, again = document["consent"] | said, [{"date": "2026-03-07"} | said]
    open_visit(register_subject(trial, coordinator), coordinator, document | {"consent": consent, "reconsents": again})
    found = values(rows(coordinator))
    assert (found["consent.date"], found["reconsents[0].date"]) == ("-4", "-2")
    assert not {*said.values()} & {*found.values()}
    assert not [item for item in found if "consent" in item and item.split(".")[-1] in said]


def test_outcome_is_told_with_its_statement(trial, coordinator, cases):
    assessed(trial, coordinator, cases["base-man"]["document"])
    (row,) = [row for row in rows(coordinator) if row[2] == "outcome.I03"]
    assert row == ["D-0001", "1", "outcome.I03", "ECOG performance status 0 or 1", "pass", ""]


def test_visit_that_was_not_assessed_says_so(trial, coordinator):
    open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    found = values(rows(coordinator))
    assert found["outcome.overall"] == "not_assessed"
    assert [item for item in found if item.startswith("outcome.")] == ["outcome.overall"]


def test_latest_revision_is_told_and_that_the_finding_is_of_an_earlier_one(trial, coordinator, cases):
    saved_again(assessed(trial, coordinator, cases["base-man"]["document"]).revision.visit, coordinator)
    found = values(rows(coordinator))
    assert found["performance.life_expectancy_months"] == "7"
    assert (found["outcome.overall"], found["outcome.current"]) == ("eligible", "no")


def test_latest_assessment_counts(trial, coordinator, cases):
    first = assessed(trial, coordinator, cases["base-man"]["document"])
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    assess(save_section(first.revision.visit, "performance", part, 1, coordinator, reason="read wrongly"), coordinator)
    found = values(rows(coordinator))
    assert (found["outcome.overall"], found["outcome.I03"], found["outcome.current"]) == ("ineligible", "fail", "yes")


def test_every_attempt_of_a_person_has_the_same_number(trial, coordinator, cases):
    subject = assessed(trial, coordinator, cases["I03-ecog-2"]["document"]).revision.visit.subject
    open_visit(subject, coordinator, {"visit": {"date": "2026-04-09"}})
    found = rows(coordinator)
    assert people(found) == ["D-0001"]
    assert list(dict.fromkeys(row[1] for row in found)) == ["1", "2"]
    assert values(found, attempt="2")["outcome.overall"] == "not_assessed"


def test_only_the_people_of_the_filter_leave_and_nobody_without_a_visit(trial, coordinator, cases):
    assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    assessed(trial, coordinator, cases["base-man"]["document"])
    register_subject(trial, coordinator)
    assert people(rows(coordinator)) == ["D-0001", "D-0002"]
    failures = rows(coordinator, LogFilter(criterion="I03"))
    assert (people(failures), values(failures)["performance.ecog"]) == (["D-0001"], "2")


def test_numbers_are_given_anew_in_a_random_order(trial, coordinator, monkeypatch):
    ages = range(20, 60)
    for age in ages:
        document = {"visit": {"date": "2026-03-09"}, "subject": {"birth_date": f"{2026 - age}-01-01"}}
        subject = SubjectFactory(trial=trial)
        revision = RevisionFactory(visit=VisitFactory(subject=subject), document=document)
        StandingFactory(subject=subject, visit=revision.visit, revision=revision)
    monkeypatch.setattr(visits, "SUBJECT_CHUNK", 7)

    def order() -> list[str]:
        found = rows(coordinator)
        assert people(found) == [f"D-{number:04}" for number in range(1, 41)]
        return [row[4] for row in found if row[2] == "subject.birth_date.age"]

    first, second = order(), order()
    assert sorted(first) == sorted(second) == [str(age) for age in ages]
    assert first != second
    assert first != [str(age) for age in ages]


def test_visit_is_read_by_the_version_that_it_falls_under(trial, coordinator, cases, on):
    on(date(2026, 3, 16))
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    other = assessed(trial, coordinator, cases["base-man"]["document"])
    later_version("2026-03-10", asks={"label: ECOG performance status": "label: performance status by ECOG"})
    reassess(assessment.revision, coordinator)
    found = rows(coordinator)
    moved = next(row[0] for row in found if row[2:5:2] == ["performance.ecog", "2"])
    labels = {row[0]: row[3] for row in found if row[2] == "performance.ecog"}
    assert values(found, moved)["protocol.version"] == values(found, moved)["outcome.version"] == "2.0"
    assert labels.pop(moved) == "Performance status: performance status by ECOG"
    assert list(labels.values()) == ["Performance status: ECOG performance status"]
    assert other.version.number == values(found, next(iter(labels)))["protocol.version"]


def test_visit_before_any_version_tells_nothing_but_that(trial, coordinator):
    subject = SubjectFactory(trial=trial)
    revision = RevisionFactory(visit=VisitFactory(subject=subject), document={"visit": {"date": "2001-03-09"}})
    StandingFactory(subject=subject, visit=revision.visit, revision=revision)
    found = values(rows(coordinator))
    assert list(found) == ["trial.code", "protocol.version", "outcome.overall"]
    assert found["protocol.version"] == "none in force"


@pytest.mark.usefixtures("in_time")
def test_nothing_that_tells_who_it_is_leaves(trial, coordinator, signer, cases):
    document = cases["base-man"]["document"]
    document = document | {
        "subject": {"sex": "male", "birth_date": "1933-05"},
        "lesions": [document["lesions"][0] | {"site": "=HYPERLINK(left lobe)"}],
        "therapies": [document["therapies"][0] | {"name": "secret trial of Professor Zhou", "start_date": "2024"}],
    }
    first = assessed(trial, coordinator, document)
    second = saved_again(first.revision.visit, coordinator)
    sign(assess(second, signer), signer, PASSWORD, "failure", "none")
    closed = assessed(trial, coordinator, cases["base-woman"]["document"])
    close_case(closed.revision, signer, PASSWORD, "other", "moved away to Ningbo")
    text = text_of(export_deidentified(LogFilter(), coordinator))
    numbers = list(Subject.objects.values_list("screening_number", flat=True))
    secrets = [*numbers, coordinator.username, signer.username, signer.get_full_name(), "Na Li", "read wrongly"]
    secrets += ["left lobe", "HYPERLINK", "Zhou", "Ningbo", "moved", "first line", "1933", "2024"]
    assert len(numbers) == 2
    assert [secret for secret in secrets if secret in text] == []
    assert not re.search(r"(19|20)\d\d-\d\d", text)
    assert "90 or over" in text


def test_cells_are_harmless_and_study_days_stay_numbers(version):
    found = LatestFinding("eligible", "@1", (("I01", "=cmd()", "pass"), ("I02", "-1+1", "fail")), is_current=True)
    document = {"visit": {"date": "2026-03-09"}, "consent": {"date": "2026-03-05"}}
    lines = visit_lines(ExportedVisit("D-0001", 1, "+49", document, version, found), {})
    cells = {line[2]: line[3:5] for line in lines}
    assert (cells["trial.code"], cells["outcome.version"][1]) == (["Trial", "'+49"], "'@1")
    assert (cells["outcome.I01"], cells["outcome.I02"]) == (["'=cmd()", "pass"], ["'-1+1", "fail"])
    assert cells["consent.date"] == ["Informed consent: date of consent", "-4"]


def test_export_is_recorded_before_it_is_written(trial, coordinator, cases):
    assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    file = export_deidentified(LogFilter(criterion="I03"), coordinator)
    record = LogExport.objects.get()
    assert (record.what, record.filters, record.created_by) == (
        "deidentified",
        "criterion not met or present: I03",
        coordinator,
    )
    assert re.fullmatch(r"screening-data-deidentified-\d{4}-\d\d-\d\dT\d{6}\.csv", file.name)


def test_who_has_no_role_exports_nothing(trial):
    with pytest.raises(PermissionDenied):
        export_deidentified(LogFilter(), UserFactory(is_superuser=True))
    assert not LogExport.objects.exists()


def test_file_is_utf_8_and_is_streamed_visit_by_visit(trial, coordinator, cases):
    for _ in range(2):
        assessed(trial, coordinator, cases["base-man"]["document"])
    pieces = list(export_deidentified(LogFilter(), coordinator).content)
    assert len(pieces) == 3
    assert pieces[0] == "\ufeffsubject,attempt,item,label,value,unit\r\n".encode()
    assert all(piece.endswith(b"\r\n") for piece in pieces)


def test_log_without_anybody_can_be_exported(trial, coordinator):
    assert rows(coordinator) == []


@pytest.fixture
def screen(version, coordinator):
    """Somebody with so many attempts, each assessed, as far as the export looks."""

    def add(attempts: int = 1) -> None:
        subject = SubjectFactory(trial=version.trial)
        for number in range(1, attempts + 1):
            revision = RevisionFactory(visit=VisitFactory(subject=subject, number=number))
            Assessment.objects.create(revision=revision, version=version, overall="eligible", created_by=coordinator)
        StandingFactory(subject=subject, visit=revision.visit, revision=revision)

    return add


@pytest.mark.parametrize(("count", "attempts"), [(1, 1), (3, 2), (40, 3)])
def test_database_is_asked_the_same_number_of_times_for_any_number_of_people(
    screen, coordinator, count, attempts, django_assert_num_queries
):
    for _ in range(count):
        screen(attempts)
    rows(coordinator)  # the protocol is kept once it was read
    with django_assert_num_queries(12):  # four of them ask whether this export is recorded already
        rows(coordinator)


def test_database_is_asked_five_times_more_for_each_chunk(screen, coordinator, monkeypatch, django_assert_num_queries):
    for _ in range(6):
        screen()
    rows(coordinator)
    monkeypatch.setattr(visits, "SUBJECT_CHUNK", 2)
    with django_assert_num_queries(12 + 2 * 5):
        rows(coordinator)
