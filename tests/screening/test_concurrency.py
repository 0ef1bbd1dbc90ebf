"""Two people at the same moment, each with a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from screening.drafts import keep_draft
from screening.models import Draft, Standing
from screening.revise import Stale, open_visit, register_subject, save_section

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each came to: a result, or the exception raised."""
    start = Barrier(PEOPLE)

    def attempt(person: int) -> Any:
        try:
            start.wait(timeout=10)
            return act(person)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(attempt, range(PEOPLE)))


def test_screening_numbers_differ_when_registered_at_once(trial, coordinator):
    subjects = at_once(lambda person: register_subject(trial, coordinator))
    assert sorted(s.screening_number for s in subjects) == [f"S-{n:04}" for n in range(1, PEOPLE + 1)]


def test_one_wins_and_the_others_are_told_when_a_section_is_saved_at_once(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})

    def save(person: int) -> Any:
        part = {"performance": {"life_expectancy_months": person + 1}}
        return save_section(visit, "performance", part, 1, coordinator)

    results = at_once(save)
    assert sorted(type(result).__name__ for result in results) == ["Revision"] + [Stale.__name__] * (PEOPLE - 1)
    assert list(visit.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_one_draft_is_kept_when_two_windows_send_at_once(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    results = at_once(lambda person: keep_draft(visit, "performance", coordinator, 1, f"{person}"))
    assert {type(result) for result in results} == {Draft}
    assert Draft.objects.count() == 1


def test_standing_is_that_of_the_latest_attempt_when_all_are_saved_at_once(trial, coordinator):
    subject = register_subject(trial, coordinator)
    visits = [open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}}) for _ in range(PEOPLE - 1)]

    def act(person: int) -> Any:
        if person == 0:
            return open_visit(subject, coordinator, {"visit": {"date": "2026-06-09"}})
        return save_section(visits[person - 1], "performance", {"performance": {"ecog": 1}}, 1, coordinator)

    latest, *_ = at_once(act)
    standing = Standing.objects.get()
    assert (standing.visit, standing.attempts, standing.revision) == (latest, PEOPLE, latest.latest_revision())
