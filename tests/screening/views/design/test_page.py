import pytest
from django.urls import reverse

from screening.models import Overall
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_every_state_and_banner_is_shown_when_somebody_is_logged_in(client):
    client.force_login(UserFactory(role="administrator"))
    page = client.get(reverse("screening:design-system")).content.decode()
    assert all(f"headline is-{overall}" in page for overall in Overall)
    assert all(f"notice-{kind}" in page for kind in ("success", "info", "warning", "error"))
    assert "This is not a whole date" in page


def test_nothing_can_be_sent_when_the_page_is_shown(client):
    client.force_login(UserFactory(role="administrator"))
    page = client.get(reverse("screening:design-system")).content.decode()
    assert page.count('method="post"') == 1  # to log out
