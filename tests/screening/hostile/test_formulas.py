"""What a spreadsheet would compute, typed wherever somebody may write: in every file it is text.

The sign that a formula begins with most is typed into everything by test_stored.
"""

import csv
import io

import pytest
from django.urls import reverse

from tests.screening.hostile.formulas import FORMULA, begins, files, refuse_computed


@pytest.mark.parametrize("sign", ["+", "-", "@", "＝", "＠", "\u200b="])
def test_formula_is_computed_nowhere_however_it_begins(application, trial, cases, sign):
    application.text = sign + FORMULA
    application.accounts()
    application.asked(application.screened(trial, cases["base-woman"]["document"]))
    refuse_computed(application)


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
