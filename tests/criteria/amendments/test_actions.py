"""A draft changes step by step, nothing else does, and what could hurt somebody is refused in words."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from criteria.amendments.actions import (
    begin_amendment,
    replace_definition,
    set_criterion_texts,
    set_parameter,
    set_plan,
    withdraw_amendment,
)
from criteria.amendments.boundary import boundary_tables
from criteria.amendments.state import (
    AmendmentState,
    amendment_state,
    comparison_of,
    edition_of_revision,
    open_amendment,
)
from criteria.definition.reader import BadDefinition
from criteria.definition.writer import definition_text
from criteria.models import ProtocolVersion
from criteria.records.refusal import Refused
from criteria.versions.versions import edition_of, protocol_of, version_rows
from tests.support.amended import REASON, WORDS, drafted, with_value
from tests.support.factories import UserFactory

TITLE = "minimum neutrophil count"


def test_draft_begins_as_a_copy_of_the_newest_version(draft, version):
    assert amendment_state(draft) is AmendmentState.DRAFT
    assert open_amendment(draft.trial) == draft
    assert comparison_of(draft.latest_revision()).is_empty
    assert edition_of_revision(draft.latest_revision()).protocol.version == "2.0"


def test_second_draft_is_refused_while_one_is_open(draft, trial, administrator):
    with pytest.raises(Refused, match="Another amendment of this trial is open"):
        drafted(trial, administrator, number="3.0")
    withdraw_amendment(draft, administrator, "begun by mistake")
    assert drafted(trial, administrator, number="3.0").number == 2


def test_changed_value_stands_beside_the_old_one_in_the_criterion_s_own_sentence(draft, change):
    revision = change("min_anc", "1000")
    (value,) = comparison_of(revision).values
    assert (value.old, value.new) == ("1500 /mm³", "1000 /mm³")
    (pair,) = value.sentences
    assert pair.code == "I08"
    assert "neutrophils at least 1500 /mm³" in pair.old
    assert "neutrophils at least 1000 /mm³" in pair.new
    assert revision.reason == REASON


def test_draft_leaves_the_version_in_force_as_it_was(version, change):
    before = edition_of(version).data
    change("min_anc", "1000")
    assert edition_of(ProtocolVersion.objects.get()).data == before
    assert protocol_of(version).limits["min_anc"].value == 1500


@pytest.mark.parametrize("name", ["vascular_event", "lab_max_age"])
def test_open_window_can_be_set_and_opened_again(draft, change, name):
    assert change(name, "6").definition["parameters"][name]["value"] == 6
    assert change(name, None).definition["parameters"][name]["value"] == "any time"
    assert comparison_of(draft.latest_revision()).is_empty


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("min_anc", "1.5", "minimum neutrophil count"),  # typed in 10*9/L
        ("max_ecog", "1.5", "whole"),
        ("washout_systemic", "2.5", "whole"),
        ("relapse_window", None, "any time"),  # a day is counted from it
        ("nothing", "1", "no parameter"),
    ],
)
def test_value_that_is_not_permitted_or_means_nothing_is_refused(draft, administrator, name, value, words):
    number = None if value is None else Decimal(value)
    with pytest.raises(BadDefinition) as refused:
        set_parameter(draft, administrator, name, number, TITLE, REASON, seen=1)
    assert words in str(refused.value)
    assert [fault.path for fault in refused.value.faults] == ["value"]
    assert draft.revisions.count() == 1


def test_highest_age_below_the_lowest_is_refused_because_nobody_could_pass(draft, change):
    change("min_age", "30")
    with pytest.raises(BadDefinition, match="I02"):
        change("max_age", "25")
    assert change("max_age", "65").definition["parameters"]["max_age"]["value"] == 65


def test_change_without_a_reason_is_refused(draft, change):
    with pytest.raises(BadDefinition, match="reason: is missing"):
        change("min_anc", "1000", reason=" ")


def test_identity_number_in_a_reason_is_refused(change):
    with pytest.raises(BadDefinition, match="identity number"):
        change("min_anc", "1000", reason="asked by 11010519491231002X")


def test_change_to_what_stands_already_is_refused(change):
    with pytest.raises(Refused, match="Nothing was changed"):
        change("min_anc", "1500")


def test_parameter_that_another_person_changed_meanwhile_is_not_changed_unseen(draft, change):
    with_value(draft, UserFactory(role="administrator", username="zhou"), value="1200")
    with pytest.raises(Refused, match="zhou changed this meanwhile"):
        change("min_anc", "1000", seen=1)
    assert change("max_ecog", "2", seen=1).definition["parameters"]["min_anc"]["value"] == 1200


def test_words_change_and_the_rule_does_not(draft, administrator):
    revision = set_criterion_texts(draft, administrator, "I03", WORDS, REASON, seen=1)
    (changed,) = comparison_of(revision).criteria
    assert (changed.code, changed.kind) == ("I03", "changed")
    assert {part.label for part in changed.parts} == {"statement", "official wording"}
    assert not comparison_of(revision).changed_codes


def test_source_is_set_with_the_value_and_stands_in_the_draft_as_in_a_version(draft, administrator):
    revision = set_parameter(
        draft, administrator, "min_anc", Decimal(1000), TITLE, REASON, seen=1, source=" Amendment 2,\r\n page 34 "
    )
    assert revision.definition["parameters"]["min_anc"]["source"] == "Amendment 2, page 34"
    assert version_rows(draft.trial, revision.definition).version.definition_sha256 == revision.definition_sha256
    labels = [difference.label for difference in comparison_of(revision).rest]
    assert labels == ["minimum neutrophil count: source"]


def test_source_stays_when_none_is_given(draft, change):
    before = draft.latest_revision().definition["parameters"]["min_anc"]["source"]
    assert change("min_anc", "1000").definition["parameters"]["min_anc"]["source"] == before


def test_source_alone_changes_no_outcome_and_asks_for_no_boundary_cases(draft, administrator):
    revision = set_parameter(
        draft, administrator, "min_anc", Decimal(1500), TITLE, REASON, seen=1, source="Amendment 2, page 34"
    )
    assert not comparison_of(revision).changed_codes
    assert boundary_tables(edition_of(draft.base), edition_of_revision(revision)) == ()


def test_empty_source_is_left_out_as_if_there_never_was_one(draft, administrator):
    revision = set_parameter(draft, administrator, "min_anc", Decimal(1500), TITLE, REASON, seen=1, source=" ")
    assert "source" not in revision.definition["parameters"]["min_anc"]
    assert version_rows(draft.trial, revision.definition).version.definition_sha256 == revision.definition_sha256


@pytest.mark.parametrize(
    ("source", "words"),
    [("x" * 501, "at most 500"), ("a\x07", "one line"), ("of 11010519491231002X", "identity number")],
)
def test_source_that_cannot_be_is_refused_at_its_place(draft, administrator, source, words):
    with pytest.raises(BadDefinition, match=words) as refused:
        set_parameter(draft, administrator, "min_anc", Decimal(1000), TITLE, REASON, seen=1, source=source)
    assert [fault.path for fault in refused.value.faults] == ["source"]
    assert draft.revisions.count() == 1


def test_source_of_a_criterion_is_set_with_its_words_and_stays_when_none_is_given(draft, administrator):
    block = next(block for block in draft.latest_revision().definition["criteria"] if block["code"] == "I03")
    kept = set_criterion_texts(draft, administrator, "I03", WORDS, REASON, seen=1)
    assert source_of_criterion(kept, "I03") == block["source"]
    revision = set_criterion_texts(draft, administrator, "I03", WORDS, REASON, seen=2, source="Amendment 2, page 12")
    assert source_of_criterion(revision, "I03") == "Amendment 2, page 12"
    assert not comparison_of(revision).changed_codes


def source_of_criterion(revision, code):
    return next(block["source"] for block in revision.definition["criteria"] if block["code"] == code)


def interpretations(draft, code):
    block = next(block for block in draft.latest_revision().definition["criteria"] if block["code"] == code)
    return block["reading"]


def test_interpretations_change_line_by_line_and_stay_about_the_same_parts(draft, administrator):
    before = interpretations(draft, "E24")
    words = {
        "statement": "Surgery or injury",
        "reading": "Nothing is waived.\r\n\r\n Ports do not count. ",
        "official_wording": "",
    }
    revision = set_criterion_texts(draft, administrator, "E24", words, REASON, seen=1)
    assert interpretations(draft, "E24") == [
        {**before[0], "text": "Nothing is waived."},
        {**before[1], "text": "Ports do not count."},
    ]
    (changed,) = comparison_of(revision).criteria
    assert {part.label for part in changed.parts} == {"statement", "interpretation"}
    assert not comparison_of(revision).changed_codes
    assert version_rows(draft.trial, revision.definition).version.definition_sha256 == revision.definition_sha256


def test_interpretations_are_refused_when_a_line_is_gone_or_new(draft, administrator):
    for reading in ("Nothing is waived.", "One.\nTwo.\nThree."):
        with pytest.raises(BadDefinition, match="must have 2 lines") as refused:
            set_criterion_texts(draft, administrator, "E24", WORDS | {"reading": reading}, REASON, seen=1)
        assert [fault.path for fault in refused.value.faults] == ["reading"]
    assert draft.revisions.count() == 1


def test_interpretations_may_all_be_taken_away(draft, administrator):
    set_criterion_texts(draft, administrator, "E24", WORDS | {"reading": " "}, REASON, seen=1)
    assert interpretations(draft, "E24") == ""


def test_statement_cannot_be_emptied(draft, administrator):
    with pytest.raises(BadDefinition, match="statement: is missing"):
        set_criterion_texts(draft, administrator, "I03", WORDS | {"statement": " "}, REASON, seen=1)


def test_changed_rule_comes_as_a_file_and_is_told_in_words(draft, administrator):
    data = draft.latest_revision().definition
    rule = {"any": [{"compare": ["performance.ecog", "<=", "$max_ecog"]}, {"is": {"consent.signed": "yes"}}]}
    blocks = [block | ({"rule": rule} if block["code"] == "I03" else {}) for block in data["criteria"]]
    untested = {key: value for key, value in data.items() if key != "tests"}
    text = definition_text({**untested, "criteria": blocks})
    revision = replace_definition(draft, administrator, text, REASON, seen=1)
    (changed,) = comparison_of(revision).criteria
    assert [part.label for part in changed.parts] == ["rule"]
    assert comparison_of(revision).changed_codes == {"I03"}


def test_file_of_a_published_version_becomes_a_draft_with_its_own_number_and_day(draft, administrator, version):
    text = definition_text(edition_of(version).data).replace("value: 1500", "value: 1000")
    block = draft.latest_revision().definition["version"]
    revision = replace_definition(draft, administrator, text, REASON, seen=1)
    assert revision.definition["version"] == block
    assert [change.name for change in comparison_of(revision).values] == ["min_anc"]


def test_file_is_refused_when_a_test_of_its_own_fails(draft, administrator):
    text = definition_text(draft.latest_revision().definition).replace("I03: pass", "I03: fail", 1)
    with pytest.raises(BadDefinition, match="I03 comes out as pass, expected fail"):
        replace_definition(draft, administrator, text, REASON, seen=1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code: NCT05990231", "code: NCT00000000", "trial.code"),
        ("title: Cadonilimab", "title: Another", "trial.title"),
        ("value: 1500", "value: many", "min_anc"),
    ],
)
def test_file_that_is_faulty_or_another_trial_s_is_refused_with_its_faults(draft, administrator, old, new, words):
    text = definition_text(draft.latest_revision().definition)
    assert old in text
    with pytest.raises(BadDefinition, match=words):
        replace_definition(draft, administrator, text.replace(old, new), REASON, seen=1)
    assert draft.revisions.count() == 1


@pytest.mark.parametrize("number", ["", "x" * 21, "<script>", "1/2", "\u202e1", "1  2"])
def test_number_of_the_version_must_be_one(trial, administrator, number):
    with pytest.raises(BadDefinition, match="number"):
        drafted(trial, administrator, number=number)


def test_number_that_was_published_is_refused(trial, administrator, version):
    with pytest.raises(BadDefinition, match="was published before"):
        drafted(trial, administrator, number=version.number)


def test_day_in_the_past_is_refused(trial, administrator, draft):
    yesterday = timezone.localdate() - timedelta(1)
    with pytest.raises(BadDefinition, match=f"{yesterday} is too early"):
        set_plan(draft, administrator, "2.0", yesterday, "", REASON, seen=1)


def test_day_more_than_a_year_ahead_is_taken_for_a_slip(draft, administrator):
    """It would hold up every later amendment until then."""
    with pytest.raises(BadDefinition, match="2099-01-01 is more than a year ahead"):
        set_plan(draft, administrator, "2.0", date(2099, 1, 1), "", REASON, seen=1)


def test_file_does_not_throw_away_what_another_person_changed_since(draft, change, administrator):
    text = definition_text(draft.latest_revision().definition).replace("value: 1500", "value: 1100")
    with_value(draft, UserFactory(role="administrator", username="zhou"), name="max_ecog", value="2")
    with pytest.raises(Refused, match="zhou changed this meanwhile"):
        replace_definition(draft, administrator, text, REASON, seen=1)


def test_plan_that_another_person_changed_meanwhile_is_not_changed_unseen(draft, administrator):
    zhou = UserFactory(role="administrator", username="zhou")
    set_plan(draft, zhou, "2.1", timezone.localdate(), "", REASON, seen=1)
    with pytest.raises(Refused, match="zhou changed this meanwhile"):
        set_plan(draft, administrator, "2.2", timezone.localdate(), "", REASON, seen=1)


def test_value_is_kept_with_plain_digits(draft, administrator):
    """A definition file holds no exponents, and what is published must be downloaded as it is."""
    revision = set_parameter(draft, administrator, "min_anc", Decimal("1E3"), TITLE, REASON, seen=1)
    assert "value: 1000" in definition_text(revision.definition)


def test_plan_can_be_changed(draft, administrator):
    day = timezone.localdate() + timedelta(30)
    set_plan(draft, administrator, "2.1", day, "After the second safety report", REASON, seen=1)
    block = draft.latest_revision().definition["version"]
    assert block == {"number": "2.1", "effective_from": day.isoformat(), "note": "After the second safety report"}


def test_trial_without_a_version_has_nothing_to_amend(administrator, trial):
    trial.pk = None
    trial.code = "NEW"
    trial.save()
    with pytest.raises(Refused, match="no version yet"):
        begin_amendment(trial, administrator, "1", date(2026, 3, 2), "", REASON)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0.9", "0.9 is not higher than version 1.5: type 1.6 or a higher number"),
        ("1.05", "1.05 is not higher than version 1.5"),
        ("2", "“2” is not numbered as version 1.5 is: type a number such as 1.6"),
        ("1.5.1", "is not numbered as version 1.5 is"),
        ("v1.6", "is not numbered as version 1.5 is"),
        ("final", "is not numbered as version 1.5 is"),
    ],
)
def test_number_that_does_not_follow_those_before_is_refused(trial, administrator, number, words):
    with pytest.raises(BadDefinition, match=re.escape(words)):
        drafted(trial, administrator, number=number)


@pytest.mark.parametrize("number", ["1.6", "1.10", "2.0"])
def test_number_is_taken_when_it_is_higher_than_those_before(trial, administrator, number):
    assert drafted(trial, administrator, number=number).latest_revision().definition["version"]["number"] == number


@pytest.mark.parametrize("reason", ["x", "...", "xxx", "12", "--- !", "a1", "因"])
def test_reason_that_says_nothing_is_refused(draft, administrator, reason):
    with pytest.raises(BadDefinition, match="gives no reason"):
        withdraw_amendment(draft, administrator, reason)


@pytest.mark.parametrize("reason", ["typo", "笔误", "so agreed"])
def test_short_reason_that_says_something_is_taken(draft, administrator, reason):
    assert withdraw_amendment(draft, administrator, reason).reason == reason


def test_wording_in_two_languages_is_kept_by_language_and_can_be_taken_back(draft, administrator):
    words = WORDS | {"official_wording": "[zh] ECOG 评分 0-1\r\n[en] ECOG PS 0-1"}
    revision = set_criterion_texts(draft, administrator, "I03", words, REASON, seen=1)
    block = next(block for block in revision.definition["criteria"] if block["code"] == "I03")
    assert block["official_wording"] == {"zh": "ECOG 评分 0-1", "en": "ECOG PS 0-1"}
    plain = set_criterion_texts(draft, administrator, "I03", WORDS, REASON, seen=2)
    assert edition_of_revision(plain).protocol.criteria[2].official_wording == WORDS["official_wording"]


def test_sponsor_protocol_is_set_kept_and_taken_back_with_the_plan(draft, administrator):
    day = timezone.localdate() + timedelta(30)
    set_plan(draft, administrator, "2.1", day, "", REASON, 1, sponsor_version=" 3.0 ", sponsor_date=date(2023, 5, 4))
    named = {"version": "3.0", "date": "2023-05-04"}
    assert draft.latest_revision().definition["sponsor_protocol"] == named
    set_plan(draft, administrator, "2.2", day, "", REASON, 2)
    assert draft.latest_revision().definition["sponsor_protocol"] == named
    with pytest.raises(BadDefinition) as refused:
        set_plan(draft, administrator, "2.2", day, "", REASON, 3, sponsor_version="", sponsor_date=day)
    assert refused.value.faults[0].path == "sponsor_version"
    set_plan(draft, administrator, "2.2", day, "", REASON, 3, sponsor_version="")
    assert "sponsor_protocol" not in draft.latest_revision().definition
