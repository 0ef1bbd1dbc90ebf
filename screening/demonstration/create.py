"""Create the demonstration's accounts and subjects, through the verbs that the pages use."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from criteria.models import Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Checklist, Section, Vocabulary
from screening.access.accounts import create_account
from screening.demonstration.days import WRITTEN_FOR, shift_dates
from screening.demonstration.healthy import InventedDocument
from screening.demonstration.people import BETWEEN_ATTEMPTS, invented_documents, second_attempt, with_result
from screening.eligibility.assess import assess
from screening.models import Grant, Subject, Visit
from screening.visits.applicable_version import version_for_new_visit
from screening.visits.save import open_visit, register_subject, save_section
from screening.visits.sections import section_part

NAMES = {  # invented
    "coordinator": ("Mei", "Lin"),
    "investigator": ("Na", "Li"),
    "administrator": ("Wei", "Zhou"),
    "monitor": ("Jun", "Chen"),
    "superuser": ("Ping", "Wang"),
}
REASON = "Demonstration"


@transaction.atomic
def create_accounts() -> int:
    """Create the accounts, and return how many were new; an existing account keeps its password."""
    missing = [each for each in settings.DEMONSTRATION_ACCOUNTS if not User.objects.filter(username=each[0]).exists()]
    keeper = next(name for name, _password, role in settings.DEMONSTRATION_ACCOUNTS if role == "superuser")
    missing.sort(key=lambda each: each[0] != keeper)  # who grants the rights comes first
    for name, password, role in missing:
        author = User.objects.filter(username=keeper).first()
        user = create_account(name, *NAMES[role], REASON, author)
        user.set_password(password)
        user.save(update_fields=["password"])
        grant_everywhere(user, role, author or user)
    return len(missing)


def grant_everywhere(user: User, role: str, author: User) -> None:
    """Grant a role in every trial, also in one that is loaded later to be looked at."""
    Grant.objects.create(account=user, role=role, holds_from=timezone.localdate(), reason=REASON, created_by=author)


@transaction.atomic
def create_people(trial: Trial, author: User) -> int:
    """Create the subjects, and return how many: all, or none where somebody is in screening already."""
    if Subject.objects.filter(trial=trial).exists():
        return 0
    vocabulary = protocol_of(version_for_new_visit(trial, {})).vocabulary
    *documents, failure = invented_documents(condition_codes(vocabulary))
    documents = [shift_to_today(document) for document in documents] + [shift_to_today(failure, ago=BETWEEN_ATTEMPTS)]
    visits = [screen_subject(register_subject(trial, author), author, document, vocabulary) for document in documents]
    correct_result(visits[0], author, vocabulary)
    enter_visit(visits[-1].subject, author, shift_to_today(second_attempt()), vocabulary)
    return len(visits)


def shift_to_today(document: InventedDocument, ago: int = 0) -> InventedDocument:
    """Shift a document so that its subject is in screening today, or was `ago` days ago."""
    then: InventedDocument = shift_dates(document, (timezone.localdate() - WRITTEN_FOR).days - ago)
    return then


def condition_codes(vocabulary: Vocabulary) -> list[str]:
    parts = vocabulary.parts.values()
    return [code for part in parts if isinstance(part, Checklist) for code in part.conditions]


def screen_subject(subject: Subject, author: User, document: InventedDocument, vocabulary: Vocabulary) -> Visit:
    visit = enter_visit(subject, author, document, vocabulary)
    assess(visit.latest_revision(), author)
    return visit


def enter_visit(subject: Subject, author: User, document: InventedDocument, vocabulary: Vocabulary) -> Visit:
    """Enter a visit section by section, as a coordinator would."""
    first, *others = vocabulary.sections
    visit = open_visit(subject, author, section_part(document, first))
    for section in others:
        save_part(visit, section, section_part(document, section), author)
    return visit


def correct_result(visit: Visit, author: User, vocabulary: Vocabulary) -> None:
    """Save a slip, which is found ineligible, and its correction.

    This leaves an earlier assessment that stays reachable.
    """
    labs = next(section for section in vocabulary.sections if "labs" in section.keys)
    right = visit.latest_revision().document
    slip = with_result(right, "platelets", 21)
    save_part(visit, labs, section_part(slip, labs), author, reason="Typed from the repeated count")
    assess(visit.latest_revision(), author)
    save_part(
        visit, labs, section_part(right, labs), author, reason="Corrected: 210, not 21 (source: laboratory report)"
    )
    assess(visit.latest_revision(), author)


def save_part(visit: Visit, section: Section, part: InventedDocument, author: User, reason: str = "") -> None:
    save_section(visit, section.code, part, visit.latest_revision().number, author, reason)
