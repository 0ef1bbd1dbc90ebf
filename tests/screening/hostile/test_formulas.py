"""What a spreadsheet would compute, typed wherever somebody may write: in every file it is text."""

import csv
import io
import unicodedata

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from screening.shared.csv import SPREADSHEET_NUMBER

BEGINNINGS = {
    "equals": "=",
    "plus": "+",
    "minus": "-",
    "at": "@",
    "wide equals": "＝",
    "wide at": "＠",
    "hidden": "\u200b=",
}
FORMULA = "cmd|' /C calc'!A0"


def files(app):
    day = timezone.now().date().isoformat()
    for name, args, query in (
        ("log-export", ("csv",), {}),
        ("trail-export", (), {}),
        ("rights-export", (), {"day": day}),
        ("deidentified-export", (), {}),
    ):
        response = app.client("administrator").get(reverse(f"screening:{name}", args=args), query)
        yield name, response.getvalue().decode("utf-8-sig")


def begins(cell):
    """As what a spreadsheet reads, whatever stands in front that nobody sees."""
    plain = unicodedata.normalize("NFKC", cell)
    seen = [sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf"]
    return "".join(seen[:1])


@pytest.mark.parametrize("sign", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_formula_typed_everywhere_is_computed_nowhere(application, trial, cases, sign):
    application.text = sign + FORMULA
    if sign != "=":
        application.accounts()  # what takes long is gone through with one of them
        application.asked(application.screened(trial, cases["base-woman"]["document"]))
    else:
        application.whole(trial, cases["base-woman"]["document"])
    for name, text in files(application):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert any(FORMULA in cell for cell in cells) or name in ("log-export", "deidentified-export")
        for cell in cells:
            assert SPREADSHEET_NUMBER.fullmatch(cell) or begins(cell) not in ("=", "+", "-", "@"), (name, cell)
            assert not cell.startswith(("\t", "\r", "\n")), (name, cell)
            assert "\0" not in cell
    book = application.client("administrator").get(reverse("screening:log-export", args=["xlsx"])).getvalue()
    for sheet in load_workbook(io.BytesIO(book)):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


@pytest.mark.parametrize("sign", ["\t=", "\r=", "\n=", " \t\r\n="])
def test_formula_behind_white_space_is_computed_nowhere(application, sign):
    application.text = f"{sign}{FORMULA}"
    application.accounts()
    for name, text in files(application):
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not [cell for cell in row if begins(cell) in ("=", "@")], name


def test_nul_is_written_nowhere(application, trial):
    client = application.client("superuser")
    words = {"username": "a", "first_name": "\0=A", "last_name": "B", "reason": "\0=new"}
    assert client.post(reverse("screening:account-new"), words).status_code == 422
    words = {"reason": "\0=left", "active": "no"}
    other = application.people["monitor"].pk
    assert client.post(reverse("screening:account-activity", args=[other]), words).status_code == 422
