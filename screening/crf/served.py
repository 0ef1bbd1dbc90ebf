"""What each question serves, beside it: the criteria that read its answer, and the windows in which its day counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from criteria.evaluation.served import Served
from criteria.vocabulary import Checklist, Single
from screening.crf.checklist import ChecklistForm
from screening.crf.parts import PartForm
from screening.crf.results import ResultsForm
from screening.crf.rows import RowForm

ServedByPath = Mapping[str, tuple[Served, ...]]


def show_served(forms: Iterable[PartForm], served: ServedByPath) -> None:
    """Set on each question what it serves.

    A condition of a history says it once for its status and day, a laboratory test once for all of its results.
    """
    for part_form in forms:
        part = part_form.part
        if isinstance(part_form, ChecklistForm | ResultsForm):
            part_form.served = served
        if isinstance(part_form, ResultsForm):
            continue
        for form in part_form.forms:
            code = form.code if isinstance(form, RowForm) else ""
            for name in form.questions:
                if isinstance(part, Checklist) and name in part.fields:
                    continue
                path = part.key if isinstance(part, Single) else ".".join(filter(None, [part.key, code, name]))
                form.fields[name].served = served.get(path, ())  # type: ignore[attr-defined]
