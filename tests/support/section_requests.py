"""What a browser asks of the page of a section, and sends from it."""

from django.urls import reverse

from criteria.versions.versions import protocol_of
from screening.crf import SectionForm
from screening.visits.applicable_version import version_for_new_visit
from tests.support.submission import submitted

HTMX = {"HTTP_HX_REQUEST": "true"}


def page_of(visit, code):
    return reverse("screening:section", args=[visit.pk, code])


def vocabulary_of(visit):
    return protocol_of(version_for_new_visit(visit.subject.trial, visit.latest_revision().document)).vocabulary


def inputs(visit, code, **typed):
    """What a browser sends from the section's page, as the visit stands now."""
    revision = visit.latest_revision()
    data = submitted(SectionForm(vocabulary_of(visit).section(code), revision.document), **typed)
    return dict(data.lists()) | {"base": str(revision.number)}
