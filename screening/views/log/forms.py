"""What the screening and enrolment log shows, as the address says it: filters, an order. A log is one trial's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from criteria.models import Criterion, ProtocolVersion, Trial
from screening.log.filter import DECISIONS, OUTCOMES, LogFilter, decision_label, outcome_label
from screening.models import Standing
from screening.views.shared.filter_form import LIST, FilterForm

ORDERS = {
    "screening_number": _("screening number, rising"),
    "-screening_number": _("screening number, falling"),
    "visit_date": _("date screened, earliest first"),
    "-visit_date": _("date screened, latest first"),
}
ANY = ("", _("any"))
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9998, 12, 31)  # days that begin and end by the clock of every zone
DAY = {
    "class": "form-control typed-date",
    "autocomplete": "off",
    "inputmode": "numeric",
    "placeholder": "YYYY-MM-DD",
}
SHORT = 60  # letters of a criterion's statement in a list to choose from


def day_field(label: object) -> forms.DateField:
    message = _("This is not a whole date such as 2026-03-14.")
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.TextInput(DAY),
        input_formats=["%Y-%m-%d"],
    )


def choice_field(label: object, choices: Any = ()) -> forms.ChoiceField:
    message = {"invalid_choice": _("This is none of those in the list.")}
    widget = forms.Select(LIST)
    return forms.ChoiceField(label=label, required=False, choices=choices, error_messages=message, widget=widget)  # type: ignore[arg-type]


class LogForm(FilterForm):
    """`is_valid()` tells whether the address made sense throughout. `trial` is the first where none is chosen."""

    orders = ORDERS
    kept = ("trial", "sort")
    filters = ("screened_from", "screened_to", "outcome", "criterion", "decision", "version", "coordinator")

    trial = choice_field(_("Trial"))
    screened_from = day_field(_("Screened from"))
    screened_to = day_field(_("Screened to"))
    outcome = choice_field(_("Outcome"))
    criterion = choice_field(_("Failed criterion"))
    decision = choice_field(_("Decision"))
    version = choice_field(_("Protocol version"))
    coordinator = choice_field(_("Coordinator"))
    sort = choice_field(_("Order"), ORDERS.items)

    def __init__(self, address: QueryDict, trials: Sequence[Trial]) -> None:
        super().__init__(address)
        self.chosen_trial = next((trial for trial in trials if trial.code == address.get("trial")), first(trials))
        self.statements = statements(self.chosen_trial)
        self.offer("outcome", [ANY, *((code, outcome_label(code)) for code in OUTCOMES)])
        self.offer("decision", [ANY, *((code, decision_label(code)) for code in DECISIONS)])
        self.offer("criterion", [ANY, *((code, brief(code, text)) for code, text in self.statements.items())])
        self.offer("version", [ANY, *((number, number) for number in versions(self.chosen_trial))])
        self.offer("coordinator", [ANY, *((name, name) for name in coordinators())])
        if len(trials) > 1:
            self.offer("trial", [(trial.code, trial.code) for trial in trials])
        else:
            del self.fields["trial"]
        self.full_clean()

    def offer(self, name: str, choices: Iterable[tuple[str, object]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("screened_from"), cleaned.get("screened_to")
        if first and last and last < first:
            self.add_error("screened_to", _("This is before the first day: type that day or a later one."))
        return cleaned

    def chosen(self) -> LogFilter:
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if "trial" in self.fields and self.chosen_trial:
            said["trial"] = self.chosen_trial.code
        return LogFilter(**{**said, "sort": self.order})


def first(trials: Sequence[Trial]) -> Trial | None:
    return trials[0] if trials else None


def statements(trial: Trial | None) -> dict[str, str]:
    """What every criterion says that any version of the trial has, as its last version says it."""
    rows = Criterion.objects.filter(version__trial=trial).order_by("position", "version_id")
    return dict(rows.values_list("code", "statement"))


def brief(code: str, statement: str) -> str:
    return f"{code} {Truncator(statement).chars(SHORT)}"


def versions(trial: Trial | None) -> Iterator[str]:
    found = ProtocolVersion.objects.filter(trial=trial).order_by("effective_from", "pk")
    return found.values_list("number", flat=True).iterator()


def coordinators() -> Iterator[str]:
    """Whoever saved last of somebody; asked person by person, for the log may be long and the people who type few."""
    saved = Standing.objects.filter(coordinator=OuterRef("pk"))
    return User.objects.filter(Exists(saved)).order_by("username").values_list("username", flat=True).iterator()
