"""Forms built from a trial's vocabulary: nothing here knows a trial."""

from screening.crf.entry import EntryForm
from screening.crf.rows import grown
from screening.crf.section import Problem, SectionForm

__all__ = ["EntryForm", "Problem", "SectionForm", "grown"]
