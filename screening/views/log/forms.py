"""The filters and order of the screening and enrolment log, as its address states them.

A log is one trial's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from criteria.models import Criterion, ProtocolVersion, Trial
from screening.log.filter import ATTEMPTS, DECISIONS, OUTCOMES, LogFilter
from screening.log.labels import attempt_label, decision_label, status_label
from screening.models import SubjectStatus
from screening.views.shared.fields import DayField
from screening.views.shared.filter_form import FILTER_SELECT_ATTRIBUTES, FilterForm, search_field

LOG_ORDERS = {
    "screening_number": _("screening number, ascending"),
    "-screening_number": _("screening number, descending"),
    "visit_date": _("date screened, earliest first"),
    "-visit_date": _("date screened, latest first"),
}
ANY_CHOICE = ("", _("any"))
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9998, 12, 31)  # days that begin and end by the clock of every zone
DAY_FILTER_ATTRS = {
    "class": "form-control typed-date",
    "autocomplete": "off",
    "placeholder": "YYYY-MM-DD",
}
STATEMENT_LENGTH = 60  # letters of a criterion's statement in a list to choose from


def day_filter_field(label: object) -> DayField:
    message = _("This is not a whole date such as 2026-03-14.")
    return DayField(
        label=label,  # type: ignore[arg-type]
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.TextInput(DAY_FILTER_ATTRS),
    )


def choice_filter_field(label: object, choices: Any = (), widget: Any = None) -> forms.ChoiceField:
    message = {"invalid_choice": _("This is none of those in the list.")}
    widget = widget or forms.Select(FILTER_SELECT_ATTRIBUTES)
    return forms.ChoiceField(label=label, required=False, choices=choices, error_messages=message, widget=widget)  # type: ignore[arg-type]


class LogForm(FilterForm):
    """The filter form of people by the log; `is_valid()` tells whether the whole address is valid.

    `trials` are those of the user, of which the log is of the one `shown`; the only one need not be named. It is one
    of many where there are others, which the user may not see.
    """

    orders = LOG_ORDERS
    kept = ("trial", "sort")
    filters: ClassVar[tuple[str, ...]] = (
        "screened_from",
        "screened_to",
        "outcome",
        "criterion",
        "decision",
        "version",
        "coordinator",
    )

    trial = choice_filter_field(_("Trial"), widget=forms.HiddenInput)  # chosen in the head of each page
    screened_from = day_filter_field(_("Screened from"))
    screened_to = day_filter_field(_("Screened to"))
    outcome = choice_filter_field(_("Status"))
    criterion = choice_filter_field(_("Criterion not met or present"))
    decision = choice_filter_field(_("Decision"))
    version = choice_filter_field(_("Protocol version"))
    coordinator = choice_filter_field(_("Coordinator"))
    sort = choice_filter_field(_("Order"), LOG_ORDERS.items)

    def __init__(
        self, address: QueryDict, trials: Sequence[Trial], shown: Trial | None = None, *, is_one_of_many: bool = False
    ) -> None:
        super().__init__(address)
        self.chosen_trial = shown or next(iter(trials), None)
        self.is_one_of_many = is_one_of_many
        self.statements = criterion_statements(self.chosen_trial)
        self.offer("outcome", [ANY_CHOICE, *((code, status_label(code)) for code in OUTCOMES)])
        self.offer("decision", [ANY_CHOICE, *((code, decision_label(code)) for code in DECISIONS)])
        self.offer(
            "criterion", [ANY_CHOICE, *((code, short_statement(code, text)) for code, text in self.statements.items())]
        )
        self.offer("version", [ANY_CHOICE, *((number, number) for number in version_numbers(self.chosen_trial))])
        self.offer("coordinator", [ANY_CHOICE, *((name, name) for name in coordinator_names(self.chosen_trial))])
        if len(trials) > 1:
            self.offer("trial", [(trial.code, trial.code) for trial in trials])
        else:
            del self.fields["trial"]
        self.full_clean()

    def offer(self, name: str, choices: Iterable[tuple[str, object]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "trial" in self.fields and self.chosen_trial and "trial" not in self.errors:
            cleaned["trial"] = self.chosen_trial.code
        first, last = cleaned.get("screened_from"), cleaned.get("screened_to")
        if first and last and last < first:
            self.add_error("screened_to", _("This is before the first day: type that day or a later one."))
        return cleaned

    def selected_filter(self) -> LogFilter:
        active = {name: value for name, value in self.cleaned_data.items() if value}
        if ("trial" in self.fields or self.is_one_of_many) and self.chosen_trial:
            active["trial"] = self.chosen_trial.code
        return LogFilter(**{**active, "sort": self.order})


class AttemptLogForm(LogForm):
    """The filter form of the log itself, whose rows are attempts."""

    filters = ("search", *LogForm.filters, "attempt")
    field_order = ("search", "trial", *filters[1:], "sort")

    search = search_field()

    attempt = choice_filter_field(
        _("Attempts"), lambda: [ANY_CHOICE, *((code, attempt_label(code)) for code in ATTEMPTS)]
    )


def criterion_statements(trial: Trial | None) -> dict[str, str]:
    """Return the statement of each criterion of any version of the trial, as its last version states it."""
    rows = Criterion.objects.filter(version__trial=trial).order_by("position", "version_id")
    return dict(rows.values_list("code", "statement"))


def short_statement(code: str, statement: str) -> str:
    return f"{code} {Truncator(statement).chars(STATEMENT_LENGTH)}"


def version_numbers(trial: Trial | None) -> Iterator[str]:
    found = ProtocolVersion.objects.filter(trial=trial).order_by("effective_from", "pk")
    return found.values_list("number", flat=True).iterator()


def coordinator_names(trial: Trial | None) -> Iterator[str]:
    """Return the names of the users who were the last to save data of some subject of the trial.

    The query checks user by user, since the log may be long and the users who enter data are few.
    """
    saved = SubjectStatus.objects.filter(coordinator=OuterRef("pk"), trial=trial)
    return User.objects.filter(Exists(saved)).order_by("username").values_list("username", flat=True).iterator()
