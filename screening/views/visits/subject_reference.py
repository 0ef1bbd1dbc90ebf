"""Register a subject, with the site's own reference where there is one, and change that reference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from screening.models import Subject
from screening.views.shared.fields import TEXT_ATTRS, RefusableForm, reason_field
from screening.views.shared.form_action import form_page, submit
from screening.views.shared.lookup import author_of, subject_or_404, trial_or_404, trials_of
from screening.visits.reference import (
    LONGEST_REFERENCE,
    change_reference,
    reference_of,
    subjects_with_reference,
)
from screening.visits.save import register_subject

REFERENCE_ATTRS = TEXT_ATTRS | {"maxlength": LONGEST_REFERENCE}


class ReferenceForm(RefusableForm):
    """The reference, and the reason where one is asked for; what they must be, the action says."""

    reference = forms.CharField(
        label=gettext_lazy("Site's own reference (optional)"),
        help_text=gettext_lazy(
            "Such as the line in the site's list, by which the site finds the subject again. No name, no identity,"
            " telephone or patient number. It stays at the site: no export holds it."
        ),
        required=False,
        widget=forms.TextInput(REFERENCE_ATTRS),
    )
    reason = reason_field(gettext_lazy("Reason"), required=False)

    @property
    def typed_reference(self) -> str:
        return str(self.data.get("reference", ""))

    def ask(self, *, reason: bool = False) -> None:
        """Leave out the reason where none is asked for, and begin at what is to be typed first."""
        is_asked = "reason" in self.errors
        self.fields["reason" if is_asked else "reference"].widget.attrs["autofocus"] = True
        if not reason and not is_asked:
            del self.fields["reason"]


@require_http_methods(["GET", "HEAD", "POST"])
def subject_new(request: HttpRequest) -> HttpResponse:
    trials = trials_of(request)
    is_sent = request.method == "POST"
    trial = trial_or_404(request, trials, request.POST.get("trial", "") if is_sent else request.GET.get("trial"))
    form = ReferenceForm(request.POST if is_sent else None)
    registered: list[Subject] = []

    def act(typed: dict[str, Any]) -> str:
        subject = register_subject(trial, author_of(request), typed["reference"], typed["reason"])
        registered.append(subject)
        return registered_text(subject)

    if submit(request, form, act):
        return redirect("screening:subject", registered[0].pk)
    form.ask()
    context = {"trial": trial, "trials": trials, "others": subjects_with_reference(trial, form.typed_reference)}
    return form_page(request, "screening/visits/subject_new.html", form, context)


def registered_text(subject: Subject) -> str:
    words = {"number": subject.screening_number}
    if reference := reference_of(subject):
        words["reference"] = reference.reference
        return _("Subject %(number)s registered, the site's reference is %(reference)s.") % words
    return _("Subject %(number)s registered.") % words


@require_http_methods(["GET", "HEAD", "POST"])
def subject_reference(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    reference = reference_of(subject)
    form = ReferenceForm(
        request.POST if request.method == "POST" else None,
        initial={"reference": reference.reference if reference else ""},
    )

    def act(typed: dict[str, Any]) -> str:
        changed = change_reference(subject, author_of(request), typed["reference"], typed["reason"])
        if changed is None:
            return _("The reference is as it was.")
        words = {"number": subject.screening_number, "reference": changed.reference}
        if not changed.reference:
            return _("%(number)s has no reference of the site any more.") % words
        return _("The site's reference of %(number)s is %(reference)s.") % words

    if submit(request, form, act):
        return redirect("screening:subject", subject.pk)
    form.ask(reason=reference is not None)
    others = subjects_with_reference(subject.trial, form.typed_reference, subject)
    return form_page(request, "screening/visits/subject_reference.html", form, {"subject": subject, "others": others})
