from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from criteria.amendments.actions import begin_amendment
from criteria.models import Amendment, Approval, Withdrawal
from tests.support.approved import add, approved

PAGE = reverse("screening:protocol")

pytestmark = pytest.mark.usefixtures("in_may")


def compared(old, new):
    return f"{reverse('screening:compare')}?old={old.pk}&amp;new={new.pk}"


def test_versions_stand_with_state_approval_and_what_leads_on(client, version, second, third):
    response = client.get(PAGE)
    response.content = response.content.replace(b'<span class="day">', b"").replace(b"</span>", b"")
    for words in (
        "comes into force on 2026-06-01",
        "in force since 2026-03-01; 3.0 follows on 2026-06-01",
        f"superseded on 2026-03-01 by 2.0; in force from {version.effective_from.isoformat()}",
        "Loaded from a definition file on",
        "Dr. Li Na, principal investigator",
        "On the approval EC-2026-014 of Ethics Committee West, 2026-01-05",
        "Amendment to 2.0",
    ):
        assertContains(response, words)
    for name in ("version", "version-pdf", "version-definition"):
        assertContains(response, reverse(f"screening:{name}", args=[second.pk]))
    assertContains(response, compared(version, second))
    assertContains(response, compared(second, third))
    assertNotContains(response, "does not fit")


def test_approval_whose_signature_does_not_fit_is_marked(client, second, monkeypatch):
    monkeypatch.setattr(
        "screening.amendments.version_states.seal_fits", lambda approval: not isinstance(approval, Approval)
    )
    assertContains(client.get(PAGE), "This signature does not fit the version that it stands on.", count=1)


def test_trial_is_chosen_by_its_code(client, version, other_trial):
    response = client.get(PAGE, {"trial": other_trial.code})
    assertContains(response, f"Protocol of {other_trial.code}")
    assertNotContains(response, version.number + "</a>")
    assert client.get(PAGE, {"trial": "gold"}).status_code == 404


def test_page_says_so_when_no_protocol_was_loaded(client):
    response = client.get(PAGE)
    assertTemplateUsed(response, "screening/protocol/none.html")
    assertContains(response, "No protocol has been loaded yet")


@pytest.mark.parametrize(("role", "told"), [("administrator", True), ("investigator", False), ("coordinator", False)])
def test_amendment_is_begun_by_whoever_may(as_role, trial, role, told):
    response = as_role(role).get(PAGE)
    assert (reverse("screening:amendment-new") in response.content.decode()) is told
    assert ("The administrator begins one." in response.content.decode()) is not told


def test_open_amendment_is_told_with_its_state_and_another_cannot_be_begun(as_role, trial, administrator):
    amendment = begin_amendment(trial, administrator, "2.0", date(2026, 6, 1), "", "the committee asked for it")
    response = as_role("administrator").get(PAGE)
    assertContains(response, f"Amendment 1 of version {amendment.base.number}: draft")
    assertContains(response, reverse("screening:amendment", args=[amendment.pk]))
    assertNotContains(response, reverse("screening:amendment-new"))
    assertNotContains(response, "Closed amendments")


def test_closed_amendments_stay_listed(client, second, administrator):
    given_up = Amendment.objects.create(trial=second.trial, number=2, base=second, created_by=administrator)
    add(given_up, administrator, "begun", "", "first", {})
    Withdrawal.objects.create(amendment=given_up, reason="the sponsor took it back", created_by=administrator)
    response = client.get(PAGE)
    assertContains(response, "Approved as version 2.0")
    assertContains(response, "Withdrawn: the sponsor took it back")
    assertContains(response, reverse("screening:amendment", args=[given_up.pk]))


def test_page_takes_as_many_queries_for_many_versions(
    client, second, administrator, investigator, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as first:
        client.get(PAGE)
    latest = second
    for month in (7, 8, 9):
        values = {"min_anc": 900 + month}
        latest = approved(latest, f"{month}", date(2026, month, 1), administrator, investigator, values)
    with django_assert_num_queries(len(first)):
        client.get(PAGE)


def test_every_page_leads_to_the_protocol(client, trial):
    assertContains(client.get(reverse("screening:subjects")), f'href="{PAGE}"')
