"""Forms built from a trial's vocabulary: nothing here knows a trial."""

from screening.forms.entries import EntryForm
from screening.forms.rows import grown
from screening.forms.sections import Problem, SectionForm

__all__ = ["EntryForm", "Problem", "SectionForm", "grown"]
