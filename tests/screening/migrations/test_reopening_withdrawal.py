"""A site upgrades: what earlier releases computed of closed cases and answered questions is computed anew."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection

from screening.models import SubjectStatus
from screening.review.decide import close_case, send_back
from screening.review.questions import answer_question, ask_question
from screening.worklist.status import add_missing_statuses
from tests.support.reviewed import PASSWORD, saved_again, standing

pytestmark = pytest.mark.usefixtures("in_time")


def upgrade():
    migration = import_module("screening.migrations.0010_reopening_withdrawal")
    migration.drop_outdated_statuses(apps, SimpleNamespace(connection=connection))
    remaining = set(SubjectStatus.objects.values_list("screening_number", flat=True))
    add_missing_statuses(DEFAULT_DB_ALIAS)
    return remaining


def test_case_that_a_correction_had_opened_is_closed_again(eligible, failed, signer, coordinator):
    closure = close_case(eligible.revision, signer, PASSWORD, "died")
    saved_again(eligible.revision.visit, coordinator)
    SubjectStatus.objects.filter(closure=closure).update(closure=None, decision="", primary_reason="", voided=True)
    assert upgrade() == {failed.revision.visit.subject.screening_number}  # the other row is let be
    row = standing(eligible)
    assert (row.closure, row.decision, row.voided) == (closure, "not_enrolled", False)


def test_answered_visit_waits_for_the_investigator(eligible, signer, coordinator):
    question = ask_question(eligible.revision.visit, signer, "Which ECG?")
    send_back(eligible, signer, "Please answer.")
    given = answer_question(question, coordinator, "That of 2026-03-08.")
    SubjectStatus.objects.update(answered_at=None, decision="returned", awaiting=False)
    assert upgrade() == set()
    row = standing(eligible)
    assert (row.answered_at, row.decision, row.awaiting) == (given.created_at, "", True)
