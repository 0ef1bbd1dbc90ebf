"""C12 and C13 through the form: a limit that is not the site's, a comparator or unit that was left over."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from criteria.versions.versions import protocol_of
from screening.models import Confirmation
from screening.views.cards.edit_checks import edit_check_texts
from screening.visits.applicable_version import applicable_version
from screening.visits.save import open_visit, register_subject
from tests.support.factories import ReferenceRangeFactory
from tests.support.section_requests import HTMX, inputs, page_of

DNA = {"analyte": "hbv_dna", "value": 20, "unit": "[IU]/mL", "comparator": "<", "collected": "2026-03-08", "lod": 10}
HB = {"analyte": "haemoglobin", "value": 12, "unit": "g/dL", "collected": "2026-03-08"}
AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08", "uln": 40}


@pytest.fixture
def tested(trial, coordinator, administrator):
    """A visit with three results; the site's own limit of AST is 40 U/L."""
    ReferenceRangeFactory(trial=trial, created_by=administrator, analyte="ast", unit="U/L", uln=40)
    document = {"visit": {"date": "2026-03-09"}, "labs": [DNA, HB, AST]}
    return open_visit(register_subject(trial, coordinator), coordinator, document)


def checks_at(visit):
    revision = visit.latest_revision()
    protocol = protocol_of(applicable_version(visit, revision.document))
    return [(each.check.code, each.check.all_paths) for each in edit_check_texts(protocol, revision)]


# What is typed, the check that asks, and the path that it concerns.
ASKED = [
    ({"labs__0__value": "<25"}, "C13", "labs[0].comparator"),
    ({"labs__1__value": "7.4"}, "C13", "labs[1].unit"),
    ({"labs__2__uln": "61"}, "C12", "labs[2].uln"),
    ({"labs__2__uln": "14"}, "C12", "labs[2].uln"),
    ({"labs__0__lod": "2000"}, "C37", "labs[0].lod"),
]


@pytest.mark.parametrize(("typed", "code", "path"), ASKED)
def test_what_was_left_over_or_is_not_the_sites_is_asked_live_and_on_saving(client, tested, typed, code, path):
    page, data = page_of(tested, "laboratory"), inputs(tested, "laboratory", cause="other", reason="reissued", **typed)
    assertContains(client.post(f"{page}live/", data, **HTMX), code)
    response = client.post(page, data)
    assert response.status_code == 422
    (asked,) = [each.check for each in response.context["page"].asked_checks]
    assert (asked.code, path in asked.all_paths) == (code, True)
    assert tested.revisions.count() == 1
    client.post(page, data | {f"why-{asked.key}": "So it stands in the report."})
    assert tested.revisions.count() == 2
    assert (Confirmation.objects.get().code, Confirmation.objects.get().reason) == (code, "So it stands in the report.")
    assert [found for found, _paths in checks_at(tested)] == [code]
    assertContains(client.get(page.partition("sections/")[0]), "So it stands in the report.")


@pytest.mark.parametrize(
    "typed",
    [
        {"labs__0__value": "25"},
        {"labs__0__value": ">25"},
        {"labs__1__value": "12.1"},
        {"labs__1__value": "7.4", "labs__1__unit": "mmol/L"},
        {"labs__2__uln": "60"},
        {"labs__2__value": "62"},
        {"labs__0__lod": "1000"},
    ],
)
def test_what_belongs_to_the_new_value_is_not_asked(client, tested, typed):
    page, data = page_of(tested, "laboratory"), inputs(tested, "laboratory", cause="other", reason="reissued", **typed)
    for code in ("C12", "C13", "C37"):
        assertNotContains(client.post(f"{page}live/", data, **HTMX), code)
    client.post(page, data)
    assert tested.revisions.count() == 2
    assert checks_at(tested) == []


def test_mark_is_gone_once_the_sign_was_put_right(client, tested):
    typed = inputs(tested, "laboratory", cause="other", reason="reissued", labs__0__value="<25")
    page = page_of(tested, "laboratory")
    (asked,) = [each.check for each in client.post(page, typed).context["page"].asked_checks]
    client.post(page, typed | {f"why-{asked.key}": "So it stands in the report."})
    client.post(page, inputs(tested, "laboratory", cause="other", reason="put right", labs__0__value=">25"))
    assert tested.revisions.count() == 3
    assert checks_at(tested) == []
