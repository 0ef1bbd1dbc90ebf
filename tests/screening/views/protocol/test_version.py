import re
from html import escape, unescape

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.definition.reader import parse_definition
from criteria.standards import standard_text
from criteria.versions.versions import edition_of, load_definition, protocol_of, version_rows
from screening.amendments.version_text import version_text
from screening.views.protocol.version import file_name
from tests.criteria.definition.test_bad_files import GOOD

pytestmark = pytest.mark.usefixtures("in_may")


def page(version, name="version"):
    return reverse(f"screening:{name}", args=[version.pk])


def test_full_text_has_every_criterion_under_its_code(client, version):
    shown = unescape(client.get(page(version)).content.decode())
    for criterion in version_text(protocol_of(version)).criteria:
        assert shown.count(f'id="{criterion.code}"') == 1
        interpretations = criterion.reading.splitlines()  # all of them, whatever they are about
        for words in (f'href="#{criterion.code}"', criterion.rule, criterion.statement, *interpretations):
            assert words in shown
    assert version.definition_sha256 in shown


def test_parameters_stand_with_value_type_range_and_readers(client, version):
    response = client.get(page(version))
    assert response.status_code == 200
    shown = response.content.decode()
    for each in version_text(protocol_of(version)).parameters:
        assert f">{escape(each.value)}</td>" in shown
        assert escape(f"{reverse('screening:parameter', args=[each.name])}?trial={version.trial.code}") in shown
        assert f">{escape(each.type)}</td>" in shown
        assert f">{escape(each.permitted)}</td>" in shown


def test_source_stands_with_each_parameter_and_each_criterion(client, version):
    shown = unescape(client.get(page(version)).content.decode())
    text = version_text(protocol_of(version))
    for each in text.parameters:
        assert f">{each.source}</td>" in shown
    for each in text.criteria:
        assert f"<strong>Source</strong> {each.source}</p>" in shown


def test_tests_of_a_version_are_shown_with_what_comes_of_them_when_it_has_any(client, other_trial):
    tested, plain = load_definition(GOOD)[0], other_trial.versions.get()
    response = client.get(page(tested))
    for words in ("All 4 tests come out as expected.", "a light woman after a stroke", "refused"):
        assertContains(response, words)
    assertContains(response, "As expected", count=4)
    assertNotContains(client.get(page(plain)), 'id="tests"')


def test_version_without_sources_has_no_column_for_them(client, other_trial):
    assertNotContains(client.get(page(other_trial.versions.get())), "Source")


def test_version_tells_who_approved_it(client, second, version):
    response = client.get(page(second))
    for words in ("Dr. Li Na", second.approval.signed_at, "I have reviewed this amendment", "EC-2026-014"):
        assertContains(response, words)
    assertNotContains(client.get(page(version)), "Dr. Li Na")


def test_other_trial_has_a_text_of_its_own(client, version, other_trial):
    response = client.get(page(other_trial.versions.get()))
    assertContains(response, "Potassium not too high")
    assertNotContains(response, "ECOG")


def test_definition_file_loads_again_to_the_same_rows(client, second):
    response = client.get(page(second, "version-definition"))
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{second.trial.code}-2.0.yaml"'
    data, _protocol = parse_definition(response.content.decode())
    rows = version_rows(second.trial, data)
    assert rows.version.definition_sha256 == second.definition_sha256
    assert rows.definition == edition_of(second).data


def test_pdf_is_sent_under_the_name_of_the_version(client, second):
    response = client.get(page(second, "version-pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{second.trial.code}-2.0.pdf"'
    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize("standard", ["usdm", "fhir"])
def test_criteria_are_downloaded_in_the_form_of_a_standard_and_of_no_other(client, second, standard):
    response = client.get(reverse("screening:version-standard", args=[second.pk, standard]))
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="{second.trial.code}-2.0.{standard}.json"'
    assert response.content.decode() == standard_text(edition_of(second), standard)
    assert client.get(reverse("screening:version-standard", args=[second.pk, "odm"])).status_code == 404
    assertContains(client.get(page(second)), f"/{standard}.json")


@pytest.mark.parametrize(
    ("number", "name"),
    [("2.0", "-2.0.yaml"), ("../1", "-.._1.yaml"), ('a"b\nc', "-a_b_c.yaml"), ("第二版", "-第二版.yaml")],
)
def test_name_of_the_file_is_safe_whatever_the_number(number, name):
    assert file_name("EX-01", number, "yaml") == f"EX-01{name}"


def test_page_takes_as_many_queries_for_many_versions(client, version, third, django_assert_max_num_queries):
    protocol_of(third)
    with django_assert_max_num_queries(8):
        client.get(page(third))


def test_every_region_of_the_page_has_a_heading_of_its_own(client, version):
    labels = re.findall(r'aria-labelledby="([^"]+)"', client.get(page(version)).content.decode())
    assert "parameters" in labels
    assert len(labels) == len(set(labels))


OFFICIAL = "    official_wording: {en: Aged 18 or more, zh: 年满 18 岁}\n"


def test_official_wording_stands_first_and_the_page_says_of_what_it_was_not_entered(client, version):
    text = GOOD.replace("\ncriteria:\n", '\nsponsor_protocol: {version: "3.0", date: 2023-05-04}\ncriteria:\n')
    first = parse_definition(text)[0]["criteria"][0]
    line = f"    statement: {first['statement']}\n"
    assert line in text
    shown = client.get(page(load_definition(text.replace(line, line + OFFICIAL))[0])).content.decode()
    assert '<span class="official-words" lang="en">Aged 18 or more</span> </h3>' in " ".join(shown.split())
    assert '<span lang="zh">年满 18 岁</span>' in shown
    assert "of the sponsor's protocol 3.0 of 2023-05-04" in shown
    assert shown.index("Aged 18 or more") < shown.index(f"</strong> {first['statement']}")
    assert shown.count("the protocol's own wording was not entered.") == len(parse_definition(text)[0]["criteria"]) - 1
    assertContains(client.get(page(version)), "own wording was not entered", count=1)
