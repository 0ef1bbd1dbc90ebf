"""The forms that change a draft: what is typed is taken or comes back with what would be right."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from criteria.amendments.state import open_amendment
from criteria.definition.reader import parse_definition
from criteria.definition.writer import definition_text
from tests.support.amended import REASON, with_value
from tests.support.factories import UserFactory

TITLE = "minimum neutrophil count"


def posted(value="1000", **typed):
    return {"value": value, "title": TITLE, "reason": REASON, "seen": "1"} | typed


def test_beginning_makes_a_draft_of_the_next_number(admin_client, trial):
    page = admin_client.get(reverse("screening:amendment-new"))
    assert 'value="1.6"' in page.content.decode()
    day = (timezone.localdate() + timedelta(14)).isoformat()
    data = {"number": "1.6", "effective_from": day, "note": "Amendment 2", "reason": REASON}
    response = admin_client.post(f"{reverse('screening:amendment-new')}?trial={trial.code}", data)
    amendment = open_amendment(trial)
    assert response["Location"] == reverse("screening:amendment", args=[amendment.pk])
    assert amendment.latest_revision().definition["version"]["note"] == "Amendment 2"


def test_beginning_with_a_day_in_the_past_keeps_what_was_typed_and_says_which_day_is_possible(admin_client, trial):
    data = {"number": "1.6", "effective_from": "2020-01-01", "note": "Second", "reason": REASON}
    response = admin_client.post(reverse("screening:amendment-new"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert f"2020-01-01 is too early: the first day possible is {timezone.localdate()}" in text
    assert ">\nSecond</textarea>" in text
    assert open_amendment(trial) is None


def test_beginning_of_an_unknown_trial_is_not_found(admin_client, trial):
    assert admin_client.get(f"{reverse('screening:amendment-new')}?trial=OTHER").status_code == 404


def test_value_is_changed_and_the_page_shows_old_and_new(admin_client, draft, at):
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(), follow=True)
    text = response.content.decode()
    assert "1500 /mm³" in text
    assert "1000 /mm³" in text
    assert draft.latest_revision().definition["parameters"]["min_anc"]["value"] == 1000


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1 10*9/L", "1000 /mm³"),  # another unit: said what it would be
        ("1.0", "200 to 5000 /mm³"),  # forgot the unit
        ("1,000", "1,000"),
        ("", "required"),
        ("any time", "any time"),
        ("many", "many"),
        ("NaN", "NaN"),
        ("-5", "-5"),
    ],
)
def test_value_that_cannot_be_is_refused_in_words_and_kept(admin_client, draft, at, value, words):
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(value))
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert f'value="{value}"' in text or not value
    assert REASON in text
    assert draft.revisions.count() == 1


def test_parameter_changed_by_another_meanwhile_is_shown_before_it_is_changed_again(admin_client, draft, at):
    with_value(draft, UserFactory(role="administrator", username="zhou"), value="1200")
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted())
    text = response.content.decode()
    assert response.status_code == 422
    assert "zhou changed this meanwhile" in text
    assert "<strong>1200 /mm³</strong>" in text
    assert 'name="seen" value="2"' in text


def test_parameter_page_shows_what_it_decides_and_what_is_permitted(admin_client, draft, at):
    text = admin_client.get(at("amendment-parameter", draft, "min_anc")).content.decode()
    assert "200 to 5000 /mm³" in text
    assert "<strong>I08</strong>" in text


def test_source_is_asked_with_the_value_and_prefilled(admin_client, draft, at):
    shown = admin_client.get(at("amendment-parameter", draft, "min_anc"))
    source = draft.latest_revision().definition["parameters"]["min_anc"]["source"]
    assertContains(shown, f"<dt>Source</dt><dd>{source}</dd>", html=True)
    assertContains(shown, f">\n{source}</textarea>")
    assertContains(shown, "Document, section and page of the amendment.")
    admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(source="Amendment 2, page 34"))
    block = draft.latest_revision().definition["parameters"]["min_anc"]
    assert (block["value"], block["source"]) == (1000, "Amendment 2, page 34")


def test_source_stays_when_the_form_that_was_sent_did_not_ask_for_it(admin_client, draft, at):
    before = draft.latest_revision().definition
    admin_client.post(at("amendment-parameter", draft, "min_anc"), posted())
    after = draft.latest_revision().definition
    assert after["parameters"]["min_anc"] == before["parameters"]["min_anc"] | {"value": 1000}


def test_source_can_be_taken_out_where_nobody_knows_it(admin_client, draft, at):
    admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(source=""))
    assert "source" not in draft.latest_revision().definition["parameters"]["min_anc"]


def test_source_that_is_too_long_comes_back_with_what_was_typed(admin_client, draft, at):
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(source="page 34 " * 70))
    assertContains(response, "has 559 characters: at most 500", status_code=422)
    assertContains(response, "page 34 page 34", status_code=422)
    assert draft.revisions.count() == 1


def test_source_of_a_criterion_is_asked_with_its_words_and_prefilled(admin_client, draft, at):
    shown = admin_client.get(at("amendment-criterion", draft, "I03")).content.decode()
    assert shown.count("inclusion criterion 3: “ECOG performance status score of 0 or 1”") == 2
    words = {"statement": "ECOG 0 to 1", "reading": "", "official_wording": "", "source": "Amendment 2, page 12"}
    admin_client.post(at("amendment-criterion", draft, "I03"), words | {"reason": REASON, "seen": "1"})
    block = next(block for block in draft.latest_revision().definition["criteria"] if block["code"] == "I03")
    assert (block["statement"], block["source"]) == ("ECOG 0 to 1", "Amendment 2, page 12")


def test_wording_is_changed_and_the_rule_is_not(admin_client, draft, at):
    words = {
        "statement": "ECOG 0 to 1",
        "reading": "",
        "official_wording": "ECOG PS 0-1",
        "reason": REASON,
        "seen": "1",
    }
    response = admin_client.post(at("amendment-criterion", draft, "I03"), words, follow=True)
    assert "ECOG PS 0-1" in response.content.decode()


def test_missing_statement_comes_back(admin_client, draft, at):
    words = {"statement": "", "reading": "kept", "official_wording": "", "reason": REASON}
    response = admin_client.post(at("amendment-criterion", draft, "I03"), words)
    assert response.status_code == 422
    assert "kept" in response.content.decode()


def test_what_the_draft_does_not_have_is_not_found(admin_client, draft, at):
    assert admin_client.get(at("amendment-parameter", draft, "nothing")).status_code == 404
    assert admin_client.get(at("amendment-criterion", draft, "Z99")).status_code == 404


def test_definition_file_takes_the_place_of_the_draft(admin_client, draft, at):
    text = definition_text(draft.latest_revision().definition).replace("value: 1500", "value: 1100")
    file = SimpleUploadedFile("new.yaml", text.encode())
    response = admin_client.post(
        at("amendment-file", draft), {"file": file, "reason": REASON, "seen": "1"}, follow=True
    )
    assert "1100 /mm³" in response.content.decode()


def test_definition_file_is_taken_once_when_the_form_is_sent_twice(admin_client, draft, at):
    text = definition_text(draft.latest_revision().definition).replace("value: 1500", "value: 1100")
    for _click in range(2):
        data = {"file": SimpleUploadedFile("new.yaml", text.encode()), "reason": REASON, "seen": "1"}
        response = admin_client.post(at("amendment-file", draft), data | {"form_key": "a key"}, follow=True)
        assertContains(response, "The definition file is the draft now.")
    assert draft.revisions.count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a: [", "not readable as YAML"),
        (b"- a\n- b\n", "must be a mapping"),
        (b"words", "must be a mapping"),
        (b"", "empty"),
        (b"x" * 524289, "holds 524289 bytes, and at most 524288 (512 kB) are taken"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an office document, and not YAML"),
    ],
)
def test_file_that_cannot_be_read_is_refused_and_the_reason_kept(admin_client, draft, at, content, words):
    file = SimpleUploadedFile("new.yaml", content)
    response = admin_client.post(at("amendment-file", draft), {"file": file, "reason": REASON, "seen": "1"})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert REASON in response.content.decode()


def test_files_name_is_shown_as_text_only(admin_client, draft, at):
    file = SimpleUploadedFile("..<b onclick=x>.yaml", b"\xff")
    text = admin_client.post(at("amendment-file", draft), {"file": file, "reason": REASON}).content.decode()
    assert "..&lt;b onclick=x&gt;.yaml is not text" in text
    assert "<b onclick" not in text


def test_only_the_first_faults_are_shown_when_a_file_is_wrong_throughout(admin_client, draft, at):
    file = SimpleUploadedFile("new.yaml", b"".join(b"k%d: v\n" % number for number in range(500)))
    data = {"file": file, "reason": REASON, "seen": "1"}
    text = admin_client.post(at("amendment-file", draft), data).content.decode()
    assert text.count("unknown key") < 50
    assert "more faults." in text


def test_plan_is_changed_and_shown_when_its_form_is_sent(admin_client, draft, at):
    day = (timezone.localdate() + timedelta(40)).isoformat()
    data = {"number": "2.1", "effective_from": day, "note": "", "reason": REASON, "seen": "1"}
    response = admin_client.post(at("amendment-plan", draft), data, follow=True)
    assert f"Planned to be in force from {day}" in response.content.decode()


def test_extra_fields_change_nothing(admin_client, draft, at):
    admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(state="approved", unit="10*9/L", number="9"))
    block = draft.latest_revision().definition
    assert block["parameters"]["min_anc"]["unit"] == "/mm3"
    assert block["version"]["number"] == "2.0"


def test_form_that_does_not_say_what_was_seen_overwrites_nobody(admin_client, draft, at):
    with_value(draft, UserFactory(role="administrator", username="zhou"), value="1200")
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(seen=""))
    assert "zhou changed this meanwhile" in response.content.decode()


def test_second_amendment_leads_to_the_one_that_is_open(admin_client, draft, at):
    response = admin_client.get(reverse("screening:amendment-new"))
    assert response["Location"] == at("amendment", draft)


def test_draft_is_downloaded_as_a_file_that_can_be_uploaded_again(admin_client, changed, at):
    response = admin_client.get(at("amendment-definition", changed))
    assert "NCT05990231-2.0.yaml" in response["Content-Disposition"]
    assert parse_definition(response.content.decode())[0]["parameters"]["min_anc"]["value"] == 1000


def test_history_tells_old_and_new_in_words(admin_client, draft, administrator, at):
    with_value(draft, administrator, "vascular_event", "6")
    assert ": any time → 6 months</th>" in admin_client.get(at("amendment", draft)).content.decode()


def test_unit_stands_beside_the_input_and_in_its_label(admin_client, draft, at):
    text = admin_client.get(at("amendment-parameter", draft, "min_anc")).content.decode()
    assert '<span class="input-group-text" aria-hidden="true">/mm³</span>' in text
    assert 'New value <span class="visually-hidden">(/mm³)</span>' in text


def test_number_without_a_unit_has_none_beside_its_input(admin_client, draft, at):
    assert "input-group-text" not in admin_client.get(at("amendment-parameter", draft, "max_ecog")).content.decode()


def test_reason_that_says_nothing_keeps_what_was_typed(admin_client, draft, at):
    response = admin_client.post(at("amendment-parameter", draft, "min_anc"), posted(reason="x"))
    assertContains(response, "“x” gives no reason", status_code=422)
    assert draft.revisions.count() == 1
