from datetime import date
from itertools import product

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from screening.log import pages
from screening.log.filter import DECISIONS
from screening.models import LogDecision, SubjectStatus
from screening.review.decide import close_case, send_back
from screening.visits.save import register_subject
from tests.support.factories import StandingFactory, SubjectFactory
from tests.support.reviewed import PASSWORD, assessed, sign

LOG = reverse("screening:log")

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def screened(trial):
    """One more person in the log."""

    def add(**columns) -> SubjectStatus:
        return StandingFactory(subject=SubjectFactory(trial=trial), **columns)

    return add


def numbers(response) -> list[str]:
    return [row.status.screening_number for row in response.context["rows"]]


def test_counts_stand_above_the_table_and_lead_to_their_people(client, trial, coordinator, signer, cases):
    documents = [cases[name]["document"] for name in ("I03-ecog-2", "base-man", "base-man", "base-man")]
    failed, eligible, declined, returned = (assessed(trial, coordinator, each) for each in documents)
    sign(failed, signer, PASSWORD, "failure", primary="I03")
    sign(eligible, signer, PASSWORD, "eligible")
    close_case(declined.revision, signer, PASSWORD, "declined")
    send_back(returned, signer, "Look again.")
    response = client.get(LOG)
    boxes = {box.label: box for box in response.context["boxes"]}
    assert {label: box.number for label, box in boxes.items()} == {"enrolled": 0, "excluded": 2, "open": 2}
    failures, others = boxes["excluded"].groups
    assert [tuple(reason) for reason in failures.reasons] == [(1, "I03", "ECOG performance status 0 or 1")]
    assert [tuple(reason) for reason in others.reasons] == [(1, "declined", "")]
    assert numbers(client.get(LOG + failures.address)) == ["S-0001"]
    assert numbers(client.get(LOG + others.address)) == ["S-0003"]
    assert numbers(client.get(LOG + boxes["open"].address)) == ["S-0002", "S-0004"]
    assertContains(response, "<strong>4</strong> subjects screened in <strong>4</strong> attempts")


def test_every_number_is_that_of_the_people_to_whom_it_leads(client, screened):
    for decision, place in product(["", *LogDecision.values], ["", "E-001"]):
        screened(decision=decision, enrolment_number=place, primary_reason="E04", failed="|E04|")
        screened(decision=decision, enrolment_number=place, visit_date=date(2026, 3, 9))
    for query in ("", "?criterion=E04", *(f"?decision={decision}" for decision in DECISIONS)):
        response = client.get(LOG + query)
        boxes = response.context["boxes"]
        assert sum(box.number for box in boxes) == len(numbers(response))
        texts = [*boxes, *(group for box in boxes for group in box.groups)]
        linked = [text for text in texts if text.address and text.number]
        assert bool(linked) == ("decision" not in query)
        for text in linked:
            assert len(numbers(client.get(LOG + text.address))) == text.number, (query, text.label)


def test_who_is_only_registered_is_not_called_screened(client, trial, coordinator):
    register_subject(trial, coordinator)
    response = client.get(LOG)
    assertContains(
        response,
        "<strong>0</strong> subjects screened in <strong>0</strong> attempts,"
        " <strong>1</strong> registered without a visit so far",
    )
    (group,) = {box.label: box for box in response.context["boxes"]}["open"].groups
    assert (group.number, group.label) == (1, "registered, no visit yet")


def test_counts_are_of_all_pages_and_of_the_filter_only(client, screened, monkeypatch):
    monkeypatch.setattr(pages, "LOG_PAGE_SIZE", 1)
    for code in ("I03", "I03", "E04"):
        screened(decision="failure", primary_reason=code, failed=f"|{code}|")
    assert client.get(LOG).context["counted"].rows == 3
    assert client.get(LOG, {"criterion": "I03"}).context["counted"].failures == (("I03", 2),)
