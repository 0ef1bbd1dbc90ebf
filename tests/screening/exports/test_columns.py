import pytest
from hypothesis import given, strategies as st

from screening.exports.columns import log_cells, log_titles
from screening.log.filter import LogFilter
from screening.log.pages import log_rows
from screening.log.rows import iterate_log_rows
from screening.review.decide import close_case, sign
from screening.shared.csv import SPREADSHEET_NUMBER, defuse_formula, safe_text, visible_text
from screening.visits.save import open_visit
from tests.support.reviewed import PASSWORD, assessed, saved_again


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
    signature = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure")
    (row,) = shown()
    assert row == {
        "Trial": "NCT05990231",
        "Screening number": "S-0001",
        "Consent": "2026-03-05",
        "Screened": "2026-03-09",
        "Attempt": "1",
        "Protocol version": "1.3",
        "Outcome": "ineligible",
        "Failed criteria": "I03",
        "Primary reason": "I03",
        "Decision": "confirmed screen failure",
        "Signed by": "Na Li, principal investigator",
        "Signed at": signature.signed_at,
        "Meaning of the signature": signature.meaning,
        "Signed before": "",
        "Enrolment number": "",
        "Enrolled on": "",
        "Coordinator": coordinator.username,
    }
    assert signature.signed_at.endswith("+00:00 UTC")


@pytest.mark.usefixtures("in_time")
def test_void_signature_is_told_and_signs_nothing(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    sign(assessment, signer, PASSWORD, "eligible")
    saved_again(assessment.revision.visit, coordinator)
    (row,) = shown()
    assert (row["Decision"], row["Signed by"], row["Signed at"]) == ("signature void: to be decided anew", "", "")
    assert row["Outcome"] == "eligible, changed since"


@pytest.mark.usefixtures("in_time")
def test_failure_of_an_earlier_attempt_is_exported(trial, coordinator, signer, cases):
    signature = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure")
    open_visit(signature.assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    (row,) = shown()
    assert (row["Attempt"], row["Decision"], row["Signed by"]) == ("2", "", "")
    told = f"earlier attempt: confirmed screen failure, signed {signature.signed_at[:10]} by Na Li"
    assert row["Signed before"] == told


@pytest.mark.usefixtures("in_time")
def test_reason_of_a_closed_case_is_told_with_its_comment(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    close_case(assessment.revision, signer, PASSWORD, "other", "=moved away")
    (row,) = shown()
    assert row["Primary reason"] == "other: =moved away"
