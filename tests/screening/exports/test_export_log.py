import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook

from criteria.records.refusal import Refused
from screening.exports import FORMATS, export_log
from screening.exports.columns import EXPORT_COLUMNS, Heading
from screening.exports.pdf_file import Table
from screening.log.filter import LogFilter
from screening.models import LogExport, Signature
from screening.shared.csv import ExportedFile
from tests.support.factories import SignatureFactory, StandingFactory, SubjectFactory, UserFactory
from tests.support.reviewed import assessed

FAILURES = LogFilter(outcome="ineligible", criterion="E04")
EVERY_FORMAT = pytest.mark.parametrize("file_format", FORMATS)


@pytest.fixture
def signature(trial, coordinator) -> Signature:
    """With words that a spreadsheet would compute, that it could not keep, and that a plain font cannot print."""
    assessment = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    return SignatureFactory(assessment=assessment, printed_name="=SUM(A1)", meaning="李娜: ≥ 1.5\x07 筛选失败")


@pytest.fixture
def people(trial, signature):
    """Two who failed E04 and one who did not, beside the one who was really assessed."""

    def add(number, **columns):
        subject = SubjectFactory(trial=trial, screening_number=number)
        StandingFactory(subject=subject, visit_date=date(2026, 3, 9), **columns)

    add("@S-1", found="ineligible", failed="|E04|", signature=signature, decision="failure", primary_reason="E04")
    add("S-2", found="ineligible", failed="|I03|")
    add("S-3", found="ineligible", failed="|I03|E04|")


def content(file: ExportedFile) -> bytes:
    return b"".join(file.content)


def table(file: ExportedFile) -> list[list[str]]:
    text = content(file)
    if file.name.endswith("csv"):
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    rows = load_workbook(io.BytesIO(text))["Log"].iter_rows(values_only=True)
    return [[cell or "" for cell in row] for row in rows]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_file_holds_exactly_what_is_filtered(people, coordinator, file_format):
    titles, *rows = table(export_log(FAILURES, file_format, coordinator))
    at = titles.index("Screening number")
    assert [row[at] for row in rows] == ["'@S-1", "S-3"]
    assert len(table(export_log(LogFilter(), file_format, coordinator))) == 5


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_cell_can_be_computed(people, coordinator, file_format):
    titles, first, _ = table(export_log(FAILURES, file_format, coordinator))
    assert first[titles.index("Signed by")].startswith("'=SUM(A1), principal investigator")
    assert first[titles.index("Meaning of the signature")].startswith("李娜: ≥ 1.5")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_signature_that_does_not_fit_is_marked_as_such(people, coordinator, file_format):
    titles, forged, unsigned = table(export_log(FAILURES, file_format, coordinator))
    decision, signer = titles.index("Decision"), titles.index("Signed by")
    assert forged[decision] == "confirmed screen failure (signature does not fit the record)"
    assert forged[signer].endswith("principal investigator (signature does not fit the record)")
    assert (unsigned[decision], unsigned[signer]) == ("", "")


def test_workbook_has_no_formula_and_says_how_it_was_filtered(people, coordinator):
    book = load_workbook(io.BytesIO(content(export_log(FAILURES, "xlsx", coordinator))))
    assert "f" not in {cell.data_type for row in book["Log"].iter_rows() for cell in row}
    about = dict(book["About"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert about["Filter"] == "criterion not met or present: E04; status ineligible"
    assert about["Counts"] == (
        "subjects screened: 2; attempts: 2; registered without a visit: 0; screening numbers entered in error: 0;"
        " visits entered in error: 0"
    )
    assert about["By"] == coordinator.username
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)", about["Exported"])


def test_workbook_has_no_formula_where_it_says_by_whom_it_was_taken(people):
    user = UserFactory(role="coordinator", first_name="=1+1", last_name="\x07")
    book = load_workbook(io.BytesIO(content(export_log(FAILURES, "xlsx", user))))
    assert "f" not in {cell.data_type for row in book["About"].iter_rows() for cell in row}
    assert dict(book["About"].iter_rows(min_row=2, max_col=2, values_only=True))["By"] == "'=1+1 ?"


@pytest.fixture(scope="module")
def new_table() -> Iterator[Callable[..., Table]]:
    tables: list[Table] = []

    def make(filters: str = "all subjects") -> Table:
        tables.append(Table(Heading("Log", filters, "subjects screened: 2", "2026-11-23 10:32 (UTC)", "li")))
        return tables[-1]

    yield make
    for table in tables:
        table.close_font()


def test_pdf_tells_the_whole_filter_on_its_first_page(new_table, monkeypatch):
    printed = []
    monkeypatch.setattr(Table, "text", lambda table, x, y, text: printed.append((table.page_no(), text)))
    filters = "; ".join(f"criterion E{number}" for number in range(200))
    table = new_table(filters)
    assert f"Filter: {filters}. Counts: subjects screened: 2." in " ".join(text for page, text in printed if page == 1)
    for _ in range(100):
        table.add(["a reason that takes more than a line"] * len(EXPORT_COLUMNS))
    assert "E199" not in " ".join(text for page, text in printed if page > 1)
    assert "What was filtered is said on page 1" in " ".join(text for _, text in printed)


def test_csv_is_read_as_utf_8_and_is_streamed(people, coordinator):
    pieces = list(export_log(FAILURES, "csv", coordinator).content)
    assert len(pieces) == 3
    assert pieces[0].startswith("\ufeffTrial,Screening number".encode())
    assert all(piece.endswith(b"\r\n") for piece in pieces)


def test_pdf_repeats_the_titles_on_every_page(new_table, monkeypatch):
    drawn = []
    draw = Table.draw

    def noted(table, columns, fill=False):
        if fill:
            drawn.append(table.page_no())
        draw(table, columns, fill)

    monkeypatch.setattr(Table, "draw", noted)
    table = new_table()
    for _ in range(100):
        table.add([f"{at.title}: a reason that takes more than a line" for at in EXPORT_COLUMNS])
    assert drawn == list(range(1, table.page_no() + 1))
    assert len(drawn) > 2


def test_pdf_prints_the_whole_of_a_row_that_is_longer_than_a_page(new_table, monkeypatch):
    table = new_table()
    printed = []
    monkeypatch.setattr(Table, "text", lambda table, x, y, text: printed.append((y, text)))
    table.add(["word " * 400] * len(EXPORT_COLUMNS))
    assert "".join(text for _, text in printed).count("word") == 400 * len(EXPORT_COLUMNS)
    assert max(y for y, _ in printed) < table.h - table.b_margin
    assert table.page_no() > 1


@pytest.fixture(scope="module")
def pdf(new_table: Callable[..., Table]) -> Table:
    return new_table()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), width=st.floats(2, 40))
@settings(deadline=None)
def test_pdf_loses_no_letter_when_it_cuts_lines(pdf, text, width):
    lines = pdf.lines(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) == 1 or pdf.get_string_width(line) <= width for line in lines)


def test_pdf_is_a_pdf_without_a_missing_glyph(people, coordinator, caplog):
    file = export_log(FAILURES, "pdf", coordinator)
    assert content(file).startswith(b"%PDF-")
    assert [record.message for record in caplog.records if "glyph" in record.message.lower()] == []


def test_pdf_that_would_be_too_long_is_refused_in_words(people, coordinator, monkeypatch):
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(most=1))
    with pytest.raises(Refused, match="2 rows are too many for PDF, at most 1") as refused:
        export_log(FAILURES, "pdf", coordinator)
    assert refused.value.code == "too_long"
    assert not LogExport.objects.exists()


@EVERY_FORMAT
def test_log_without_a_row_can_be_exported(coordinator, trial, file_format):
    assert content(export_log(LogFilter(), file_format, coordinator))


@EVERY_FORMAT
def test_export_is_recorded_with_its_filter(people, coordinator, file_format):
    export_log(FAILURES, file_format, coordinator)
    record = LogExport.objects.get()
    assert (record.file_format, record.created_by) == (file_format, coordinator)
    assert record.filters == "criterion not met or present: E04; status ineligible"


def test_who_has_no_role_exports_nothing(people):
    with pytest.raises(PermissionDenied):
        export_log(LogFilter(), "csv", UserFactory(is_superuser=True))
    assert not LogExport.objects.exists()


def test_name_of_the_file_names_nobody(coordinator, trial):
    assert re.fullmatch(r"screening-log-\d{4}-\d\d-\d\dT\d{6}\.csv", export_log(LogFilter(), "csv", coordinator).name)
