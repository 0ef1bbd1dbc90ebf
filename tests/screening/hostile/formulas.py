"""What a spreadsheet would compute, and the files in which it must be text."""

import csv
import io
import unicodedata

from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from screening.shared.csv import SPREADSHEET_NUMBER

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


def refuse_computed(app):
    """A formula stands in every file that holds words, and each cell is text."""
    for name, text in files(app):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert any(FORMULA in cell for cell in cells) or name in ("log-export", "deidentified-export")
        for cell in cells:
            assert SPREADSHEET_NUMBER.fullmatch(cell) or begins(cell) not in ("=", "+", "-", "@"), (name, cell)
            assert not cell.startswith(("\t", "\r", "\n")), (name, cell)
            assert "\0" not in cell
    book = app.client("administrator").get(reverse("screening:log-export", args=["xlsx"])).getvalue()
    for sheet in load_workbook(io.BytesIO(book)):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
