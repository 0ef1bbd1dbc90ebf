"""Two trials side by side: what one may see of the other, at every address, in every list and in every action."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, get_resolver, reverse

from criteria.definition.reader import BadDefinition
from criteria.models import Amendment, ProtocolVersion
from criteria.versions.versions import edition_of, load_definition
from criteria.vocabulary import BadDocument
from screening.access.permissions import ADDRESSES, VERBS, may
from screening.access.rights import grant_role
from screening.access.trials import OBJECTS, may_in_each, named_rows, read_access
from screening.log.search import search_condition
from screening.models import (
    ChosenTrial,
    Question,
    ReferenceRange,
    Signature,
    Simulation,
    Subject,
    SubjectStatus,
    TrailReview,
    Verdict,
    Visit,
)
from screening.visits.save import open_visit, register_subject
from tests.conftest import PROTOCOL
from tests.support.factories import GrantFactory, UserFactory, a_row_of_each
from tests.support.reviewed import refusal

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"
WORKERS = (("coordinator", "investigator"), ("administrator",))  # who between them have every verb but of accounts


@pytest.fixture
def other_trial(version):
    return load_definition(HYPERTENSION.read_text())[0].trial


def person(trial, *roles):
    user = UserFactory()
    for role in roles:
        GrantFactory(account=user, role=role, trial=trial)
    return user


def patterns() -> dict[str, URLPattern]:
    screening = next(each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "screening")
    return {f"screening:{each.name}": each for each in screening.url_patterns}


def keys_of(trial) -> dict[str, int]:
    """The key of a row of the trial behind each beginning of OBJECTS."""
    rows = {
        "subjects": Subject.objects.filter(trial=trial),
        "visits": Visit.objects.filter(subject__trial=trial),
        "assessments": Verdict.objects.filter(assessment__version__trial=trial),
        "verdicts": Verdict.objects.filter(assessment__version__trial=trial),
        "questions": Question.objects.all(),
        "signatures": Signature.objects.all(),
        "amendments": Amendment.objects.filter(trial=trial),
        "simulations": Simulation.objects.all(),
        "reference-ranges": ReferenceRange.objects.all(),
        "protocol/versions": ProtocolVersion.objects.filter(trial=trial),
    }
    found = {begin: query.earliest("pk").pk for begin, query in rows.items()}
    return found | {"assessments": rows["assessments"].earliest("pk").assessment_id}


def test_no_address_of_a_record_is_open_to_who_has_rights_in_another_trial_alone(
    client, trial, other_trial, coordinator
):
    """Each address with a number, by GET and by POST, for people who may do everything in the other trial."""
    a_row_of_each(trial, coordinator)
    keys, asked = keys_of(trial), 0
    for roles in WORKERS:
        client.force_login(person(other_trial, *roles))
        for name, pattern in patterns().items():
            route = str(pattern.pattern)
            begin = route.partition("/<int:pk>")[0]
            if "<int:pk>" not in route or begin == "accounts":
                continue
            rest = {"code": "visit", "name": "max_ecog", "number": 1, "standard": "usdm"}
            given = {each: rest[each] for each in re.findall(r"<\w+:(\w+)>", route) if each in rest}
            for method in ADDRESSES[name]:
                answer = client.generic(method, reverse(name, kwargs={"pk": keys[begin], **given}))
                assert answer.status_code == 403, (roles, method, name)
                asked += 1
    assert asked > 150


def test_every_address_with_a_number_says_what_it_names():
    for name, pattern in patterns().items():
        if "pk" in (route := str(pattern.pattern)):
            assert any(route.startswith(begin) for begin in OBJECTS), name
    with pytest.raises(PermissionDenied):
        named_rows("secrets/<int:pk>/", {"pk": 1})


@pytest.mark.parametrize("verb", VERBS)
def test_right_holds_in_its_trial_alone(verb, trial, other_trial):
    user = person(trial, "coordinator")
    assert not may(user, verb, other_trial)
    assert may(user, verb, trial) is may(user, verb) is ("coordinator" in VERBS[verb])
    assert not may_in_each(user, verb)


def test_right_without_a_trial_holds_in_each_as_it_did_before(trial, other_trial):
    user = person(None, "coordinator")
    assert may(user, "enter", trial)
    assert may(user, "enter", other_trial)
    assert may_in_each(user, "enter")


def test_roles_that_do_not_go_together_may_be_held_in_different_trials(trial, other_trial):
    user = person(trial, "administrator")
    GrantFactory(account=user, role="investigator", trial=other_trial)
    assert may(user, "amend", trial)
    assert not may(user, "sign", trial)
    assert may(user, "sign", other_trial)
    GrantFactory(account=user, role="superuser")
    assert not any(may(user, verb) for verb in VERBS)


def test_access_is_read_in_one_query(trial, other_trial, coordinator, django_assert_num_queries):
    subject = register_subject(other_trial, coordinator)
    with django_assert_num_queries(1):
        access = read_access(coordinator, named_rows("subjects/<int:pk>/", {"pk": subject.pk}))
    assert (access.named, list(access.codes.values())) == (other_trial.pk, [trial.code, other_trial.code])


def test_lists_search_and_exports_show_nobody_of_another_trial(client, trial, other_trial, coordinator):
    ours, theirs = register_subject(trial, coordinator), register_subject(other_trial, coordinator)
    client.force_login(person(other_trial, "monitor"))
    for name in ("subjects", "log", "review-queue", "trail", "rights", "protocol"):
        page = client.get(reverse(f"screening:{name}")).content.decode()
        assert (ours.screening_number in page, trial.code in page) == (False, False), name
        assert "trial-switcher" not in page
    assert ours.screening_number not in client.get("/", {"search": "1"}).content.decode()
    assert theirs.screening_number in client.get("/", {"search": "1"}).content.decode()
    assert client.get(reverse("screening:protocol"), {"trial": trial.code}).status_code == 404
    assert ours.screening_number not in client.get("/", {"trial": trial.code}).content.decode()
    for address in (reverse("screening:log-export", args=["csv"]), reverse("screening:trail-export")):
        file = b"".join(client.get(address).streaming_content).decode()
        assert (ours.screening_number in file, trial.code in file) == (False, False)
        assert theirs.screening_number in file


def test_trial_is_asked_for_once_and_remembered_on_every_page(client, trial, other_trial, coordinator):
    client.force_login(coordinator)
    protocol, queue = reverse("screening:protocol"), reverse("screening:open-visits")
    assert "Which trial?" in client.get(protocol).content.decode()
    answer = client.post(reverse("screening:trial"), {"trial": other_trial.code, "next": protocol})
    assert answer.url == protocol
    for page in (protocol, queue):
        assert other_trial.code in client.get(page).content.decode()
        assert "Which trial?" not in client.get(page).content.decode()
    assert client.post(reverse("screening:trial"), {"trial": "", "next": "//evil.example/"}).url == "/"
    assert not ChosenTrial.objects.exists()
    assert client.post(reverse("screening:trial"), {"trial": "NCT0"}).status_code == 404


def test_number_is_found_in_every_trial_whichever_is_chosen(client, trial, other_trial, coordinator):
    register_subject(trial, coordinator)
    theirs = register_subject(other_trial, coordinator)
    client.force_login(coordinator)
    client.post(reverse("screening:trial"), {"trial": trial.code})
    assert theirs.screening_number not in client.get("/").content.decode()
    assert theirs.screening_number in client.get("/", {"search": "htn"}).content.decode()


@pytest.mark.usefixtures("other_trial")
def test_trial_of_a_right_must_be_named_and_has_one_principal_investigator(superuser, trial, other_trial):
    first, second = UserFactory(), UserFactory()
    with pytest.raises(BadDocument):
        grant_role(first, "investigator", "delegation log 1", superuser)
    granted = grant_role(first, "investigator", "delegation log 1", superuser, trial=trial.code)
    assert granted.trial == trial
    assert refusal(grant_role, second, "investigator", "log 2", superuser, trial=trial.code) == "principal"
    grant_role(second, "delegated_signer", "delegation log 2: may sign", superuser, trial=trial.code)
    grant_role(second, "investigator", "delegation log 3", superuser, trial=other_trial.code)
    assert may(second, "sign", trial)
    with pytest.raises(BadDocument):
        grant_role(UserFactory(), "superuser", "keeps", superuser, trial=trial.code)


def test_same_reference_of_the_site_is_shown_to_who_may_read_both_trials_and_to_nobody_else(
    client, trial, other_trial, coordinator
):
    visit = open_visit(register_subject(trial, coordinator, "ZX-7"), coordinator, {"visit": {"date": "2026-03-09"}})
    other = register_subject(other_trial, coordinator, "zx-7")
    pages = [
        reverse("screening:subject", args=[visit.subject_id]),
        reverse("screening:section", args=[visit.pk, "judgement"]),
    ]
    told = "the same subject as EX-HTN-01-0001 in EX-HTN-01"
    client.force_login(coordinator)
    assert all(told in client.get(page).content.decode() for page in pages)
    client.force_login(person(trial, "coordinator"))
    assert not any(other.screening_number in client.get(page).content.decode() for page in pages)
    visit.refresh_from_db()
    assert "concurrent_study" not in visit.latest_revision().document


def test_version_of_a_trial_begins_a_prefix_and_the_numbers_given_stay(trial, other_trial, coordinator):
    assert register_subject(trial, coordinator).screening_number == "S-0001"
    text = HYPERTENSION.read_text().replace("EX-HTN-01", "EX-HTN-02") + "\nnumbers: {prefix: HT2-, width: 3}\n"
    declared = load_definition(text)[0]
    assert register_subject(declared.trial, coordinator).screening_number == "HT2-001"
    assert register_subject(other_trial, coordinator).screening_number == "EX-HTN-01-0001"
    assert edition_of(declared).data["numbers"] == {"prefix": "HT2-", "width": 3}
    Subject.objects.create(trial=other_trial, screening_number="S-0002", created_by=coordinator)  # of a former release
    assert register_subject(trial, coordinator).screening_number == "S-0003"
    assert register_subject(trial, coordinator).screening_number == "S-0004"
    assert found_numbers("1") == {"S-0001", "HT2-001", "EX-HTN-01-0001"}
    assert found_numbers("ht2 1") == {"HT2-001"}


def found_numbers(text):
    return set(SubjectStatus.objects.filter(search_condition(text)).values_list("screening_number", flat=True))


@pytest.mark.parametrize("prefix", ["S-", "ex-htn-01-", "E-", "EC2", "EC 2-", "TOO-LONG-A-PREFIX-"])
@pytest.mark.usefixtures("other_trial")
def test_prefix_that_is_taken_or_malformed_is_refused_at_loading(prefix):
    text = HYPERTENSION.read_text().replace("EX-HTN-01", "EX-HTN-02")
    with pytest.raises(BadDefinition) as bad:
        load_definition(f"{text}\nnumbers: {{prefix: '{prefix}'}}\n")
    assert [fault.path for fault in bad.value.faults] == ["numbers.prefix"]


@pytest.mark.usefixtures("other_trial")
def test_review_of_the_trail_covers_one_trial(client, trial, investigator):
    client.force_login(investigator)
    address = reverse("screening:trail-review")
    assert "choose one trial above first" in client.post(address, {"remark": "looked at all"}).content.decode()
    client.post(reverse("screening:trial"), {"trial": trial.code})
    client.post(address, {"remark": "looked at every entry of this trial"})
    assert TrailReview.objects.get().trial == trial
