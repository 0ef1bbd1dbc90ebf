from datetime import date

import pytest

from criteria.definition.reader import BadDefinition, place_of_edition
from criteria.models import Criterion, Parameter, ProtocolVersion, Trial
from criteria.records import canonical
from criteria.versions.versions import (
    Tampered,
    definition_data,
    edition_of,
    load_definition,
    protocol_of,
    version_on,
)
from tests.criteria.definition.test_reader import SMALL, SOURCED
from tests.support.documents import BASE


def counts():
    return [model.objects.count() for model in (Trial, ProtocolVersion, Criterion, Parameter)]


def numbered(number, since):
    """The small definition as another version, in force from another day."""
    return SMALL.replace('number: "1", effective_from: 2025-01-01', f'number: "{number}", effective_from: {since}')


@pytest.mark.django_db
def test_rows_hold_the_whole_definition_once_it_is_loaded(definition_text):
    version, new = load_definition(definition_text)
    assert new
    assert counts() == [1, 1, 42, len(protocol_of(version).limits)]
    assert version.trial.code == "NCT05990231"
    assert version.criteria.get(code="I03").rule["all"][0] == {"compare": ["performance.ecog", "<=", "$max_ecog"]}
    assert version.parameters.get(name="max_ecog").value == 1
    assert version.parameters.get(name="lab_max_age").value == "any time"
    assert [criterion.code for criterion in version.criteria.all()][:2] == ["I01", "I02"]


@pytest.mark.django_db
def test_source_is_kept_in_the_rows_when_there_is_one():
    version, _ = load_definition(SOURCED)
    assert version.parameters.get(name="max_pulse").source == "Protocol 2.0, section 5.1"
    assert version.criteria.get(code="E1").source == "Protocol 2.0, page 34"
    assert [version.parameters.get(name="window").source, version.criteria.get(code="I1").source] == ["", ""]


@pytest.mark.django_db
def test_fingerprint_stays_the_same_when_a_source_is_empty():
    version, _ = load_definition(SMALL)
    again, new = load_definition(
        SMALL.replace("value: 100,", 'value: 100, source: "",').replace(
            "    statement: Red\n", '    statement: Red\n    source: ""\n'
        )
    )
    assert (again.pk, new) == (version.pk, False)
    assert "source" not in canonical.dump(edition_of(version).data)


@pytest.mark.django_db
def test_a_changed_source_is_refused_under_a_number_that_was_published():
    load_definition(SOURCED)
    with pytest.raises(BadDefinition, match="was published with another content"):
        load_definition(SOURCED.replace("page 34", "page 35"))


@pytest.mark.django_db
def test_rows_give_the_same_verdicts_as_the_file(definition_text, protocol):
    version, _ = load_definition(definition_text)
    for document in BASE.values():
        assert protocol_of(version).assess(document) == protocol.assess(document)


@pytest.mark.django_db
def test_a_number_is_kept_with_the_digits_that_were_written():
    version, _ = load_definition(SMALL.replace("value: 100,", "value: 100.50,"))
    assert str(version.parameters.get(name="max_pulse").value) == "100.50"


@pytest.mark.django_db
def test_nothing_changes_when_the_same_file_is_loaded_twice():
    first, _ = load_definition(SMALL)
    before = counts()
    again, new = load_definition(SMALL)
    assert (again.pk, new, counts()) == (first.pk, False, before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 100,", "value: 101,"),
        ("statement: Red", "statement: Blue"),
        ("value: 6, unit: mo", "value: any time, unit: mo"),
        ("visit.colour: red}", "visit.colour: blue}"),
        ("label: pulse,", "label: heart rate,"),
        ("2025-01-01", "2025-01-02"),
        ("I1", "I2"),
    ],
)
def test_a_changed_file_is_refused_under_a_number_that_was_published(old, new):
    load_definition(SMALL)
    before = counts()
    with pytest.raises(BadDefinition, match="version") as refusal:
        load_definition(SMALL.replace(old, new, 1))
    assert refusal.value.faults[0].path == "version.number"
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"), [("title: A trial}", "title: Another}"), ("A trial}", "A trial, planned_enrolment: 3}")]
)
def test_what_a_trial_is_called_is_not_changed_by_a_later_version(old, new):
    load_definition(SMALL)
    with pytest.raises(BadDefinition) as refusal:
        load_definition(numbered("2", "2026-01-01").replace(old, new))
    assert refusal.value.faults[0].path.startswith("trial.")
    assert ProtocolVersion.objects.count() == 1


@pytest.mark.django_db
def test_no_row_is_written_when_the_file_is_faulty():
    with pytest.raises(BadDefinition):
        load_definition(SMALL.replace("visit.colour: red}", "visit.colour: green}"))
    assert counts() == [0, 0, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "number"),
    [("2025-01-01", "1"), ("2025-12-31", "1"), ("2026-01-01", "2"), ("2027-06-01", "3"), ("2026-12-31", "2")],
)
def test_the_version_in_force_is_the_last_that_began_by_that_day(on, number):
    load_definition(numbered("3", "2027-01-01"))
    load_definition(numbered("1", "2025-01-01"))
    version, _ = load_definition(numbered("2", "2026-01-01"))
    assert version_on(version.trial, date.fromisoformat(on)).number == number


@pytest.mark.django_db
def test_of_two_versions_of_one_day_the_one_published_last_is_in_force():
    load_definition(numbered("1", "2025-01-01"))
    version, _ = load_definition(numbered("1a", "2025-01-01"))
    assert version_on(version.trial, date(2025, 6, 1)) == version


@pytest.mark.django_db
def test_nothing_is_in_force_before_the_first_version():
    version, _ = load_definition(SMALL)
    with pytest.raises(ProtocolVersion.DoesNotExist, match="2024-12-31"):
        version_on(version.trial, date(2024, 12, 31))


@pytest.mark.django_db
def test_a_version_of_another_trial_is_never_in_force(second_text):
    load_definition(second_text)
    version, _ = load_definition(SMALL)
    assert version_on(version.trial, date(2026, 1, 1)) == version


@pytest.mark.django_db
def test_old_visits_are_judged_by_the_version_of_their_day():
    """An amendment changes what is found from now on, and nothing that was found before."""
    old, _ = load_definition(SMALL)
    new, _ = load_definition(numbered("2", "2026-01-01").replace("value: 100,", "value: 120,"))
    document = {"visit": {"date": "2026-03-09", "pulse": 110, "colour": "blue"}}
    assert protocol_of(old).assess(document).overall == "ineligible"
    assert protocol_of(new).assess(document).overall == "eligible"


@pytest.mark.django_db
def test_a_protocol_is_put_together_once():
    version, _ = load_definition(SMALL)
    assert protocol_of(version) is protocol_of(ProtocolVersion.objects.get(pk=version.pk))


@pytest.mark.django_db
def test_the_fingerprint_is_that_of_the_rows():
    version, _ = load_definition(SMALL)
    again = ProtocolVersion.objects.select_related("trial").get(pk=version.pk)
    rows = definition_data(again, list(again.criteria.all()), list(again.parameters.all()))
    assert canonical.fingerprint(rows) == version.definition_sha256


@pytest.mark.django_db
def test_nobody_is_screened_by_a_version_to_which_a_criterion_was_added():
    version, _new = load_definition(SMALL)
    slipped_in = {"code": "E9", "category": "exclusion", "position": 9, "statement": "Slipped in"}
    Criterion.objects.create(version=version, rule=version.criteria.first().rule, **slipped_in)
    place_of_edition.cache_clear()
    with pytest.raises(Tampered, match="not those that were published"):
        protocol_of(version)


@pytest.mark.django_db
def test_tests_of_a_definition_are_kept_and_change_no_fingerprint_where_there_are_none():
    text = SMALL + "tests:\n  - {name: none, document: {visit: {date: 2026-03-09}}, expect: {I1: unknown}}\n"
    version, _new = load_definition(text)
    assert edition_of(version).data["tests"] == [
        {"name": "none", "document": {"visit": {"date": "2026-03-09"}}, "expect": {"I1": "unknown"}}
    ]
    plain = load_definition(numbered("2", "2026-01-01"))[0]
    assert plain.tests is None
    assert "tests" not in edition_of(plain).data


@pytest.mark.django_db
def test_official_wording_and_sponsor_protocol_come_back_from_the_rows_as_they_were_written():
    wording = "    official_wording: {zh: 红色, en: Red all over}\n"
    text = SMALL.replace("    statement: Red\n", f"    statement: Red\n{wording}")
    version, _new = load_definition(text + 'sponsor_protocol: {version: "3.0", date: 2023-05-04}\n')
    data = edition_of(version).data
    assert data["criteria"][1]["official_wording"] == {"zh": "红色", "en": "Red all over"}
    assert data["sponsor_protocol"] == {"version": "3.0", "date": "2023-05-04"}
    assert {each.language for each in version.criteria.get(code="E1").official_wordings} == {"en", "zh"}
