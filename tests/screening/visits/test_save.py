from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.exceptions import Stale, Unanswered
from screening.models import Confirmation, EditCheckQuery, Revision, Subject, Visit
from screening.visits.edit_checks import open_checks, record_edit_check_queries
from screening.visits.save import open_visit, register_subject, save_section

START = {"visit": {"date": "2026-03-09"}, "subject": {"sex": "male"}}
PERFORMANCE = {"performance": {"ecog": 1}}


@pytest.fixture
def subject(trial, coordinator) -> Subject:
    return register_subject(trial, coordinator)


@pytest.fixture
def visit(subject, coordinator) -> Visit:
    return open_visit(subject, coordinator, START)


def reviewed(revision: Revision) -> list[str]:
    return revision.document.get("reviewed")


def test_screening_numbers_count_up_when_subjects_are_registered(trial, coordinator):
    numbers = [register_subject(trial, coordinator).screening_number for _ in range(3)]
    assert numbers == ["S-0001", "S-0002", "S-0003"]


def test_visit_has_its_first_revision_when_opened(subject, coordinator):
    visit = open_visit(subject, coordinator, START)
    revision = visit.revisions.get()
    assert (visit.number, revision.number, revision.document, revision.reason) == (1, 1, START, "")
    assert revision.created_by == coordinator
    assert abs(timezone.now() - revision.created_at) < timedelta(minutes=1)


def test_second_visit_has_the_next_number_when_opened(visit, subject, coordinator):
    assert open_visit(subject, coordinator, START).number == 2


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "visit.date"),
        ({"visit": {}}, "visit.date"),
        ({"visit": {"date": "2026-03"}}, "visit.date"),
        ({"visit": {"date": "2026-02-30"}}, "visit.date"),
        ({"visit": {"date": "1999-12-31"}}, "visit.date"),
        ({"visit": "2026-03-09"}, "visit"),
        (START | {"shoe": 42}, "shoe"),
    ],
)
def test_nothing_is_saved_when_a_visit_is_opened_with_a_bad_document(subject, coordinator, document, path):
    with pytest.raises(BadDocument) as refused:
        open_visit(subject, coordinator, document)
    assert path in [fault.path for fault in refused.value.faults]
    assert not Visit.objects.exists()


def test_section_is_put_into_the_document_when_saved(visit, coordinator):
    revision = save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    assert (revision.number, revision.section) == (2, "performance")
    assert revision.document == START | PERFORMANCE
    assert visit.revisions.get(number=1).document == START


def test_numbers_stay_as_typed_when_saved(visit, coordinator):
    part = {"performance": {"ecog": 0, "life_expectancy_months": Decimal("9.0")}}
    save_section(visit, "performance", part, 1, coordinator)
    stored = visit.latest_revision().document["performance"]
    assert (str(stored["life_expectancy_months"]), stored["ecog"]) == ("9.0", 0)


def test_nothing_is_saved_when_the_reason_holds_an_identity_number(visit, coordinator):
    with pytest.raises(BadDocument) as refused:
        save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator, "of 330102196105200017")
    assert [fault.path for fault in refused.value.faults] == ["reason"]
    assert visit.latest_revision().number == 1


def test_no_revision_is_added_when_nothing_changes(visit, coordinator):
    second = save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    assert save_section(visit, "performance", PERFORMANCE, 2, coordinator) == second
    assert visit.revisions.count() == 2


def test_every_fault_is_named_when_a_section_is_bad(visit, coordinator):
    part = {"performance": {"ecog": 7, "life_expectancy_months": Decimal(-1)}}
    with pytest.raises(BadDocument) as refused:
        save_section(visit, "performance", part, 1, coordinator)
    paths = [fault.path for fault in refused.value.faults]
    assert paths == ["performance.ecog", "performance.life_expectancy_months"]
    assert visit.revisions.count() == 1


@pytest.mark.parametrize("part", [{"performance": {"ecog": 0}}, {"performance": {}}, {}])
def test_reason_is_required_when_a_known_value_goes(visit, coordinator, part):
    save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    with pytest.raises(Unanswered) as refused:
        save_section(visit, "performance", part, 2, coordinator, reason="  ")
    assert [(change.path, change.old) for change in refused.value.changes] == [("performance.ecog", 1)]
    revision = save_section(visit, "performance", part, 2, coordinator, reason="typing error")
    assert (revision.number, revision.reason) == (3, "typing error")


@pytest.mark.parametrize("before", [{}, {"performance": {"ecog": None}}, {"performance": {"ecog": "unknown"}}])
def test_no_reason_is_required_when_a_value_becomes_known(visit, coordinator, before):
    base = save_section(visit, "performance", before, 1, coordinator)
    assert save_section(visit, "performance", PERFORMANCE, base.number, coordinator).document == START | PERFORMANCE


def test_reason_is_required_when_zero_goes(visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, coordinator)
    with pytest.raises(Unanswered):
        save_section(visit, "performance", PERFORMANCE, 2, coordinator)


def test_section_is_refused_as_stale_when_somebody_saved_it_in_between(visit, coordinator, investigator):
    newer = save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    with pytest.raises(Stale) as refused:
        save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, investigator, reason="measured again")
    assert refused.value.latest == newer
    assert visit.revisions.count() == 2


def test_section_is_saved_when_somebody_saved_another_in_between(visit, coordinator):
    save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    imaging = {"imaging": {"fistula_risk": "no"}}
    assert save_section(visit, "imaging", imaging, 1, coordinator).document == START | PERFORMANCE | imaging


def test_section_is_saved_when_it_was_changed_and_changed_back_in_between(visit, coordinator):
    save_section(visit, "performance", PERFORMANCE, 1, coordinator)
    save_section(visit, "performance", {}, 2, coordinator, reason="another person's")
    assert save_section(visit, "performance", PERFORMANCE, 1, coordinator).number == 4


def test_only_the_lists_of_the_section_are_ticked_when_saved(visit, coordinator):
    save_section(visit, "therapies", {"therapies": [], "reviewed": ["therapies"]}, 1, coordinator)
    both = {"adverse_events": [], "reviewed": ["adverse_events", "lesions"]}
    revision = save_section(visit, "adverse_events", both, 2, coordinator)
    assert reviewed(revision) == ["therapies", "adverse_events"]


def test_reason_is_required_when_a_list_is_no_longer_complete(visit, coordinator):
    save_section(visit, "therapies", {"therapies": [], "reviewed": ["therapies"]}, 1, coordinator)
    with pytest.raises(Unanswered):
        save_section(visit, "therapies", {"therapies": []}, 2, coordinator)
    revision = save_section(visit, "therapies", {"therapies": []}, 2, coordinator, reason="one more was found")
    assert not reviewed(revision)


def test_no_reason_is_required_when_one_more_list_is_complete(visit, coordinator):
    save_section(visit, "therapies", {"reviewed": ["therapies"]}, 1, coordinator)
    save_section(visit, "adverse_events", {"reviewed": ["adverse_events"]}, 2, coordinator)


@pytest.mark.parametrize("nothing", [None, "unknown", []])
def test_lists_are_ticked_when_none_was_before(subject, coordinator, nothing):
    visit = open_visit(subject, coordinator, START | {"reviewed": nothing})
    revision = save_section(visit, "therapies", {"reviewed": ["therapies"]}, 1, coordinator)
    assert reviewed(revision) == ["therapies"]


def test_value_error_when_a_part_holds_the_key_of_another_section(visit, coordinator):
    with pytest.raises(ValueError, match="imaging"):
        save_section(visit, "performance", {"imaging": {}}, 1, coordinator)


def test_key_error_when_there_is_no_such_section(visit, coordinator):
    with pytest.raises(KeyError):
        save_section(visit, "astrology", {}, 1, coordinator)


def test_number_of_queries_does_not_grow_with_revisions(visit, coordinator, django_assert_num_queries):
    for ecog in (0, 1, 2, 3):
        number = visit.latest_revision().number
        save_section(visit, "performance", {"performance": {"ecog": ecog}}, number, coordinator, reason="again")
    again = Visit.objects.get(pk=visit.pk)
    # savepoint, lock, latest, version, draft, insert, changed fields, row of the work list read and written, release
    with django_assert_num_queries(10):
        save_section(again, "performance", PERFORMANCE, 5, coordinator, reason="again")


def haemoglobin(value, unit="g/dL", collected="2026-03-08"):
    return {"labs": [{"analyte": "haemoglobin", "value": value, "unit": unit, "collected": collected}]}


def test_implausible_value_is_asked_back_and_not_saved(visit, coordinator):
    with pytest.raises(Unanswered) as refused:
        save_section(visit, "laboratory", haemoglobin(140), 1, coordinator)
    (doubt,) = refused.value.edit_checks
    assert (doubt.path, doubt.value, refused.value.changes) == ("labs[0].value", "140 g/dL", ())
    assert visit.latest_revision().number == 1
    assert not Confirmation.objects.exists()


def test_implausible_value_is_saved_when_confirmed_with_who_confirmed_it(visit, coordinator):
    key = doubt_of(visit, haemoglobin(140), coordinator).key
    revision = save_section(visit, "laboratory", haemoglobin(140), 1, coordinator, confirmed=[key, "something else"])
    confirmation = Confirmation.objects.get()
    assert (confirmation.revision, confirmation.created_by, confirmation.key) == (revision, coordinator, key)
    assert (confirmation.path, "4 to 22 g/dL" in confirmation.message) == ("labs[0].value", True)


def doubt_of(visit, part, author):
    with pytest.raises(Unanswered) as refused:
        save_section(visit, "laboratory", part, visit.latest_revision().number, author, reason="as on paper")
    (doubt,) = refused.value.edit_checks
    return doubt


def test_confirmed_value_is_not_asked_again_when_its_row_moves(visit, coordinator, investigator):
    key = doubt_of(visit, haemoglobin(140), coordinator).key
    save_section(visit, "laboratory", haemoglobin(140), 1, coordinator, confirmed=[key])
    platelets = {"analyte": "platelets", "value": 210, "unit": "10*9/L", "collected": "2026-03-08"}
    both = {"labs": [platelets, *haemoglobin(140)["labs"]]}
    assert save_section(visit, "laboratory", both, 2, investigator).number == 3
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize(("value", "collected"), [(141, "2026-03-08"), (140, "2026-03-07")])
def test_another_value_than_the_confirmed_one_is_asked_back(visit, coordinator, value, collected):
    key = doubt_of(visit, haemoglobin(140), coordinator).key
    save_section(visit, "laboratory", haemoglobin(140), 1, coordinator, confirmed=[key])
    assert doubt_of(visit, haemoglobin(value, collected=collected), coordinator).key != key


def test_value_confirmed_at_another_visit_is_asked_back_at_this_one(visit, subject, coordinator):
    key = doubt_of(visit, haemoglobin(140), coordinator).key
    save_section(visit, "laboratory", haemoglobin(140), 1, coordinator, confirmed=[key])
    assert doubt_of(open_visit(subject, coordinator, START), haemoglobin(140), coordinator).key == key


def test_check_of_another_section_does_not_stand_in_the_way(subject, coordinator, on, version):
    on(date(2026, 3, 9))
    visit = open_visit(subject, coordinator, START | {"therapies": [{"kind": "systemic", "end_date": "2026-03-09"}]})
    on(date(2026, 3, 10))
    (arisen,) = open_checks(protocol_of(version), visit.latest_revision())
    assert (arisen.code, arisen.path) == ("C19", "therapies[0].end_date")
    assert save_section(visit, "performance", PERFORMANCE, 1, coordinator).number == 2


def test_confirmation_and_reason_are_asked_for_together(visit, coordinator):
    save_section(visit, "laboratory", haemoglobin(14), 1, coordinator)
    with pytest.raises(Unanswered) as refused:
        save_section(visit, "laboratory", haemoglobin(140), 2, coordinator)
    (doubt, kept), (change,) = refused.value.edit_checks, refused.value.changes
    assert (doubt.code, kept.code, kept.path) == ("plausible", "C13", "labs[0].unit")
    assert (change.path, change.old, change.new) == ("labs[0].value", 14, 140)
    answered = {"confirmed": [doubt.key], "reasons": {kept.key: "as printed"}}
    with pytest.raises(Unanswered) as refused:
        save_section(visit, "laboratory", haemoglobin(140), 2, coordinator, **answered)
    assert (refused.value.edit_checks, len(refused.value.changes)) == ((), 1)
    save_section(visit, "laboratory", haemoglobin(140), 2, coordinator, reason="reissued", **answered)


def test_faults_are_told_before_doubts(visit, coordinator):
    part = {"labs": [*haemoglobin(140)["labs"], *haemoglobin(-1)["labs"]]}
    with pytest.raises(BadDocument) as refused:
        save_section(visit, "laboratory", part, 1, coordinator)
    assert [fault.path for fault in refused.value.faults] == ["labs[1].value"]


def test_value_that_was_asked_back_is_on_record_even_when_it_was_corrected(visit, coordinator, vocabulary):
    doubt = doubt_of(visit, haemoglobin(140), coordinator)
    record_edit_check_queries(visit, vocabulary.section("laboratory"), [doubt], coordinator)
    save_section(visit, "laboratory", haemoglobin(14), 1, coordinator)
    prompt = EditCheckQuery.objects.get()
    assert (prompt.visit, prompt.section, prompt.path, prompt.key) == (visit, "laboratory", doubt.path, doubt.key)
    assert (prompt.message, prompt.created_by) == (doubt.text, coordinator)


def test_attempts_are_linked_in_the_order_in_which_they_began(visit, subject, coordinator):
    second = open_visit(subject, coordinator, START)
    third = open_visit(subject, coordinator, START)
    assert [v.previous for v in (visit, second, third)] == [None, visit, second]
    assert visit.revisions.count() == 1
