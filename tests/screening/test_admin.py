import pytest
from django.urls import reverse

from screening.append_only import protected
from tests.factories import UserFactory, a_row_of_each

EVERY_MODEL = pytest.mark.parametrize("model", protected(), ids=lambda model: model._meta.label)


@pytest.fixture
def admin_page(client, trial, coordinator):
    """Answers of the admin to a superuser, with at least one row in every table."""
    a_row_of_each(trial, coordinator)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    def get(model, action, *args):
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)
        return client.get(address)

    return get


@EVERY_MODEL
def test_records_can_be_looked_at_and_nothing_else(admin_page, model):
    key = model.objects.first().pk
    assert admin_page(model, "changelist").status_code == 200
    page = admin_page(model, "change", key)
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert admin_page(model, "add").status_code == 403
    assert admin_page(model, "delete", key).status_code == 403


@EVERY_MODEL
def test_posting_changes_nothing_when_a_superuser_tries(admin_page, client, model):
    before = list(model.objects.values())
    change = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[model.objects.first().pk])
    assert client.post(change, {"reason": "rewritten"}).status_code == 403
    assert list(model.objects.values()) == before


def test_account_cannot_be_deleted(admin_page, coordinator):
    assert admin_page(type(coordinator), "change", coordinator.pk).status_code == 200
    assert admin_page(type(coordinator), "delete", coordinator.pk).status_code == 403


def test_account_keeps_the_name_that_stands_beside_what_it_signed(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    account = UserFactory(username="coordinator-1")
    address = reverse("admin:auth_user_change", args=[account.pk])
    assert b'name="username"' not in client.get(address).content
    client.post(address, {"username": "somebody-else"})
    account.refresh_from_db()
    assert account.username == "coordinator-1"
