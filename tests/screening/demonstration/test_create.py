from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from screening.models import Assessment, Revision
from screening.queries import subject_list
from trialsite.settings import demonstration


@pytest.fixture
def demonstrated(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_ACCOUNTS = demonstration.DEMONSTRATION_ACCOUNTS


def run() -> str:
    said = StringIO()
    call_command("demonstration", stdout=said)
    return said.getvalue()


def test_ten_people_with_every_finding_are_there_when_created(demonstrated, trial):
    assert "3 accounts and 10 people created" in run()
    findings = [row.overall for row in subject_list(trial)]
    assert len(findings) == 10
    assert {finding: findings.count(finding) for finding in findings} == {
        "eligible": 2,
        "ineligible": 5,
        "undetermined": 3,
    }


def test_an_earlier_finding_stays_when_a_slip_is_corrected(demonstrated, trial):
    run()
    corrected = Assessment.objects.filter(revision__visit__subject__screening_number="S-0001")
    assert list(corrected.order_by("pk").values_list("overall", flat=True)) == ["eligible", "ineligible", "eligible"]
    assert Revision.objects.exclude(reason="").count() == 2


def test_nothing_is_added_when_created_again(demonstrated, trial):
    run()
    before = Revision.objects.count()
    assert "0 accounts and 0 people created" in run()
    assert Revision.objects.count() == before


def test_accounts_can_log_in_with_what_the_login_page_shows(demonstrated, trial):
    run()
    for name, password, role in demonstration.DEMONSTRATION_ACCOUNTS:
        user = authenticate(username=name, password=password)
        assert isinstance(user, User)
        assert [group.name for group in user.groups.all()] == [role]
        assert user.is_staff is (role == "administrator")


def test_command_refuses_when_this_is_no_demonstration(trial):
    with pytest.raises(CommandError, match="Refused"):
        run()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_command_says_what_to_do_when_the_protocol_is_not_loaded(demonstrated):
    with pytest.raises(CommandError, match="load_protocol"):
        run()


def test_no_account_with_a_public_password_is_made_where_people_have_their_own(demonstrated, trial):
    User.objects.create_user("dr.chen")
    with pytest.raises(CommandError, match="accounts of its own"):
        run()
    assert list(User.objects.values_list("username", flat=True)) == ["dr.chen"]
