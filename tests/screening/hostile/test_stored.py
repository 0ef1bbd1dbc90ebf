"""Scripts, templates, SQL and formulas typed wherever somebody may write: shown as they were typed, and nothing else.

The application is gone through once, which takes long; inputs that no form has are sent along.
"""

import html
import json
from itertools import count

from django.apps import apps
from django.db.models import CharField, TextField
from django.urls import reverse
from django.utils import timezone

from criteria.models import Amendment, ProtocolVersion
from screening.access.permissions import ACCOUNT, ADDRESSES, ANYONE, VERBS
from screening.models import Assessment, Question, ReferenceRange, Signature, Simulation, Subject, Visit
from tests.screening.hostile.forged_fields import forged_fields, refuse_forged, refuse_gaps
from tests.screening.hostile.formulas import FORMULA, refuse_computed
from tests.screening.views.test_access import ARGUMENTS

PAYLOAD = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'; DROP TABLE x--"
RAW = ("<script>alert", "<img src=x", "onerror=alert(1)>")
FILES = {"screening:log-export", "screening:version-pdf", "screening:trail-export", "screening:rights-export"}
FILES |= {"screening:deidentified-export", "screening:version-definition", "screening:amendment-definition"}
FILES |= {"screening:version-standard"}
SHOWN = {  # pages on which people read what others wrote
    "screening:account",
    "screening:accounts",
    "screening:amendment",
    "screening:assessment",
    "screening:compare",
    "screening:consent-forms",
    "screening:field-history",
    "screening:log",
    "screening:parameter",
    "screening:protocol",
    "screening:question-answer",
    "screening:reference-range",
    "screening:reference-ranges",
    "screening:review",
    "screening:revision",
    "screening:revisions",
    "screening:rights",
    "screening:section",
    "screening:simulation",
    "screening:subject",
    "screening:trail",
    "screening:version",
    "screening:visit",
}
QUERIES = {
    "screening:field-history": {"path": "performance.life_expectancy_months"},
    "screening:rights": {"day": timezone.now().date().isoformat()},  # the real day of the grant
}


def test_what_is_typed_everywhere_runs_nowhere_and_nothing_forged_is_taken(application, trial, cases):
    application.text = f"={FORMULA}{PAYLOAD}"
    application.extra = forged_fields(application)
    application.whole(trial, cases["base-woman"]["document"])
    refuse_gaps(application)
    look_at_pages(application)
    look_at_files(application)
    look_at_records()
    refuse_computed(application)
    refuse_forged(application)


def rows(name):
    """What the arguments of an address name, and every row of it."""
    kinds = {
        "subject": Subject,
        "visit": Visit,
        "version": ProtocolVersion,
        "assessment": Assessment,
        "question": Question,
        "range": ReferenceRange,
        "signature": Signature,
        "amendment": Amendment,
        "simulation": Simulation,
    }
    return kinds[name].objects.values_list("pk", flat=True)


def pages(app):
    """Every page that can be opened, with its name; of a table of pages each of them."""
    person = app.people["superuser"]._meta.model.objects.get(username="wang.wu")
    for name, row in ADDRESSES.items():
        if row.get("GET", ANYONE) in (ANYONE, ACCOUNT) or name in FILES:
            continue
        for args in arguments(name, person.pk):
            yield name, row["GET"], args


def arguments(name, account):
    first, *rest = ARGUMENTS.get(name, ("",))
    if name == "screening:section":
        return [
            (pk, code) for pk in rows("visit")[:1] for code in ("disease", "therapies", "adverse_events", "laboratory")
        ]
    if name == "screening:revision":
        return [
            (visit.pk, each.number)
            for visit in Visit.objects.all()[:1]
            for each in visit.revisions.order_by("-number")[:12]
        ]
    if first == "account":
        grants = list(app_rows("Grant", account_id=account)) if "grant" in rest else [None]
        return [tuple(filter(None, (account, grant))) for grant in grants]
    if first in ("", "min_anc", "verdict"):
        return [(first,) if first == "min_anc" else ()] if first != "verdict" else []
    return [(pk, *rest) for pk in rows(first).order_by("pk")[:2]]


def app_rows(name, **which):
    return apps.get_model("screening", name)._default_manager.filter(**which).values_list("pk", flat=True)


def look_at_pages(attacked):
    """No page lets it run, and every page of words shows it."""
    shown, opened = set(), count()
    for name, verb, args in pages(attacked):
        role = next(role for role in attacked.people if role in VERBS[verb])
        response = attacked.client(role).get(reverse(name, args=args), QUERIES.get(name, {}), follow=True)
        text = response.content.decode()
        assert response.status_code == 200, (name, args)
        assert not [raw for raw in RAW if raw in text], (name, args)
        assert "49'; DROP" not in text
        if html.escape(PAYLOAD) in text:
            shown.add(name)
        next(opened)
    assert next(opened) > 50
    assert shown >= SHOWN, SHOWN - shown


def test_script_comes_back_into_its_input_as_it_was_typed(application, trial):
    """What is refused stays typed: in an attribute and in a textarea."""
    client = application.client("administrator")
    page = reverse("screening:reference-ranges")
    text = client.post(page, {"source": PAYLOAD, "uln": PAYLOAD, "valid_from": PAYLOAD}).content.decode()
    assert text.count(html.escape(PAYLOAD)) >= 3
    assert not [raw for raw in RAW if raw in text]
    for name in ("screening:log", "screening:trail", "screening:rights", "screening:subjects"):
        query = dict.fromkeys(("search", "subject", "day", "screened_from", "coordinator", "sort", "trial"), PAYLOAD)
        response = client.get(reverse(name), query)
        assert not [raw for raw in RAW if raw in response.content.decode()], name


def look_at_records():
    """Neither cleaned nor cut: what somebody wrote is the record. Nothing was dropped either."""
    holding = set()
    for model in [*apps.get_app_config("criteria").get_models(), *apps.get_app_config("screening").get_models()]:
        columns = [each.attname for each in model._meta.concrete_fields if isinstance(each, CharField | TextField)]
        for row in model._default_manager.values(*columns) if columns else []:
            said = json.dumps(row, default=str, ensure_ascii=False)
            if PAYLOAD.replace('"', "") in said.replace("\\", "").replace('"', ""):
                holding.add(model.__name__)
    assert holding >= {
        "AccountChange",
        "AmendmentRevision",
        "Answer",
        "Approval",
        "Closure",
        "Confirmation",
        "ConsentFormVersion",
        "Disagreement",
        "Grant",
        "Proposal",
        "Question",
        "RangeEnd",
        "RangeRetraction",
        "ReferenceRange",
        "Rejection",
        "Revision",
        "Revocation",
        "SendBack",
        "TrailReview",
        "Withdrawal",
    }


def look_at_files(attacked):
    """A file is for a program that shows text: what matters is that it is sent as a file, of its own type."""
    client = attacked.client("administrator")
    version = ProtocolVersion.objects.latest("pk").pk
    for name, args in (
        ("screening:trail-export", ()),
        ("screening:rights-export", ()),
        ("screening:log-export", ("csv",)),
        ("screening:deidentified-export", ()),
        ("screening:version-definition", (version,)),
        ("screening:version-standard", (version, "usdm")),
        ("screening:version-standard", (version, "fhir")),
        ("screening:version-pdf", (version,)),
    ):
        response = client.get(reverse(name, args=args))
        assert response.getvalue()
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "html" not in response["Content-Type"]
