"""What several pages say of the data of a revision: edit checks, ages of results, doubtful limits, re-consent."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from criteria.evaluation.protocol import Protocol
from screening.models import Revision
from screening.views.cards.edit_checks import edit_check_texts
from screening.views.cards.finding_ages import finding_ages_text
from screening.views.cards.range_checks import mismatched_limits
from screening.visits.consent import consent_forms_of, reconsent_text
from screening.visits.reference_ranges import ranges_of


def revision_checks_context(protocol: Protocol, revision: Revision) -> dict[str, Any]:
    """Return what is said of a revision as template context; its document must be valid."""
    trial, document = revision.visit.subject.trial, revision.document
    ranges, forms = ranges_of(trial), consent_forms_of(trial)
    return {
        "ages": finding_ages_text(protocol, document),
        "checks": edit_check_texts(protocol, revision, ranges, forms),
        "reconsent": reconsent_text(forms, document, timezone.localdate()),
        "limits": mismatched_limits(ranges, protocol.vocabulary, document),
    }
