"""Forms built from a trial's vocabulary; nothing in this package is specific to one trial."""

from screening.crf.entry import EntryForm
from screening.crf.rows import add_blank_row
from screening.crf.section import SectionForm, SectionProblem

__all__ = ["EntryForm", "SectionForm", "SectionProblem", "add_blank_row"]
