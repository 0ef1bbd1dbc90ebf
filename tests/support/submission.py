"""What a browser sends when a form is submitted as it stands."""

from django import forms
from django.http import QueryDict

from screening.crf import SectionForm


def submitted(form: SectionForm, **typed: str) -> QueryDict:
    """`typed` replaces the value of an input; its name has __ for each hyphen."""
    data = QueryDict(mutable=True)
    for part in form.parts:
        rows = getattr(part, "rows", None)
        if rows is not None:
            data[part.count_name] = str(len(rows))
        for form_of_part in [*part.forms, *filter(None, [getattr(part, "day", None)])]:
            put(data, form_of_part)
        if part.is_reviewed():
            data[part.review_name] = "on"
    for name, text in typed.items():
        data[name.replace("__", "-")] = text
    return data


def put(data: QueryDict, form: forms.Form) -> None:
    for bound in form:
        value = bound.value()
        if isinstance(value, list):
            data.setlist(bound.html_name, value)
        elif value not in (None, False):
            data[bound.html_name] = value if isinstance(value, str) else "on"
