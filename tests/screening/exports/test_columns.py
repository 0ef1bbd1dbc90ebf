import pytest
from hypothesis import given, strategies as st

from screening.exports.columns import log_cells, log_titles
from screening.log.counts import log_counts, visits_in_error_count
from screening.log.filter import LogFilter
from screening.log.labels import log_counts_text
from screening.log.pages import log_rows
from screening.log.rows import iterate_log_rows
from screening.review.decide import close_case
from screening.review.entered_in_error import mark_subject, mark_visit
from screening.shared.csv import SPREADSHEET_NUMBER, defuse_formula, safe_text, visible_text
from screening.visits.save import open_visit, register_subject
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign


def shown() -> list[dict[str, str]]:
    return [dict(zip(log_titles(), log_cells(row), strict=True)) for row in iterate_log_rows(log_rows(LogFilter()))]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+49", "-1+1", "-cmd()", "-", "@sum", "\tx", "\rx", "\nx", "-1\n", "-１", "-1e5", "-1,5", "--1"),
        *("＝1+1", "＋49", "－1", "＠sum", "﹦1"),  # of full width, and small
        *(" =1", "\u3000=1", "\xa0=1", "\ufeff=1", "\u200b=1", " \u200b \ufeff＝1"),  # behind what nobody sees
    ],
)
def test_cell_that_a_spreadsheet_would_compute_is_made_harmless(text):
    assert defuse_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["0", "-12", "-0.5", "12", "3.20", "-365"])
def test_number_stays_a_number_also_below_zero(text):
    assert safe_text(text) == text


@given(st.decimals(allow_nan=False, allow_infinity=False).map("{:f}".format))
def test_every_plain_number_stays_a_number(text):
    assert safe_text(text) == text


def test_control_characters_do_not_hide_what_begins_a_formula():
    assert safe_text("\x00=1+1") == "?=1+1"


@given(st.text())
def test_no_cell_begins_a_formula_and_no_other_cell_is_changed(text):
    assert defuse_formula(text)[:1] not in {"\t", "\r", "\n"}
    assert visible_text(defuse_formula(text))[:1] not in {"=", "+", "-", "@"} or SPREADSHEET_NUMBER.fullmatch(text)
    assert defuse_formula(text).removeprefix("'") == text.removeprefix("'")


@pytest.mark.usefixtures("in_time")
def test_signature_is_exported_with_name_time_zone_and_meaning(trial, coordinator, signer, cases):
    signature = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure", "I03")
    (row,) = shown()
    assert row == {
        "Trial": "NCT05990231",
        "Screening number": "S-0001",
        "Consent": "2026-03-05",
        "Consent version": "",
        "Re-consent": "",
        "Re-consent version": "",
        "Screened": "2026-03-09",
        "Attempt": "1",
        "Latest attempt": "yes",
        "Protocol version": "1.5",
        "Status": "ineligible",
        "Criteria not met or present": "I03",
        "Primary reason": "I03",
        "Decision": "confirmed screen failure",
        "Signed by": "Na Li, principal investigator",
        "Signed at": signature.signed_at,
        "Meaning of the signature": signature.meaning,
        "Signed before": "",
        "Enrolment number": "",
        "Enrolled on": "",
        "Coordinator": coordinator.username,
        "Subject's visits entered in error": "0",
    }
    assert signature.signed_at.endswith(" (UTC)")


def test_consent_is_exported_with_the_versions_of_its_form_and_without_who_obtained_it(trial, coordinator, cases):
    document = cases["base-man"]["document"]
    consent = document["consent"] | {"version": "1.0", "obtained_by": "Dr Who", "time": "09:30"}
    again = [{"version": "2.0", "date": "2026-03-07", "obtained_by": "Dr Who"}]
    open_visit(register_subject(trial, coordinator), coordinator, document | {"consent": consent, "reconsents": again})
    (row,) = shown()
    names = ("Consent", "Consent version", "Re-consent", "Re-consent version")
    assert [row[name] for name in names] == ["2026-03-05", "1.0", "2026-03-07", "2.0"]
    assert "Dr Who" not in " ".join(row.values())


@pytest.mark.usefixtures("in_time")
def test_void_signature_is_told_and_signs_nothing(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    sign(assessment, signer, PASSWORD, "eligible")
    saved_again(assessment.revision.visit, coordinator)
    (row,) = shown()
    assert (row["Decision"], row["Signed by"], row["Signed at"]) == (
        "signature no longer valid; new decision required",
        "",
        "",
    )
    assert row["Status"] == "eligible, changed since"


@pytest.mark.usefixtures("in_time")
def test_failure_of_an_earlier_attempt_is_exported(trial, coordinator, signer, cases):
    signature = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure", "I03")
    open_visit(signature.assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    columns = ("Screening number", "Attempt", "Latest attempt", "Criteria not met or present", "Decision", "Signed at")
    assert [tuple(row[name] for name in columns) for row in shown()] == [
        ("S-0001", "1", "no", "I03", "confirmed screen failure", signature.signed_at),
        ("S-0001", "2", "yes", "", "", ""),
    ]


def test_what_was_entered_in_error_is_marked_and_counted(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    for _ in range(2):
        mark_visit(
            open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}}), coordinator, "opened twice"
        )
    open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    mark_subject(register_subject(trial, coordinator), coordinator, "registered twice")
    columns = ("Screening number", "Attempt", "Decision", "Subject's visits entered in error")
    found = [tuple(row[name] for name in columns) for row in shown()]
    assert [row[0] for row in found] == ["S-0001", "S-0001", "S-0002"]
    assert [row[2:] for row in found] == [("", "2"), ("", "2"), ("entered in error", "0")]
    assert log_counts_text(log_counts(LogFilter()), visits_in_error_count(LogFilter())) == (
        "subjects screened: 1; attempts: 2; registered without a visit: 0; screening numbers entered in error: 1;"
        " visits entered in error: 2"
    )


@pytest.mark.usefixtures("in_time")
def test_reason_of_a_closed_case_is_told_with_its_comment(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    close_case(assessment.revision, signer, PASSWORD, "other", "=moved away")
    (row,) = shown()
    assert row["Primary reason"] == "other: =moved away"
