"""The full text of a protocol version as a PDF for print, with its fingerprint on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf.enums import Align

from criteria.models import Approval
from criteria.records.official_wording import sponsor_protocol_text
from screening.amendments.version_states import VersionState
from screening.amendments.version_text import CriterionText, ParameterText, VersionText
from screening.shared.pdf import PdfPages

SIZE, LINE, PAD = 8.5, 4.2, 1.0  # the letters in points, the rest in millimetres
TITLE, HEAD = 15, 11  # the letters of the title and of headings
VERSION_FOOTER_HEIGHT = 16
INDENT = 4
SHARES = (6, 3, 3, 4, 3)  # of the columns of the parameters
SHARES_WITH_SOURCE = (5, 3, 2.5, 3.5, 2, 6)


def write_version(state: VersionState, text: VersionText, printed: str) -> bytes:
    """Return the PDF; `printed` says when and for whom it was made."""
    pages = VersionPages(state, printed)
    pages.write_title_page()
    if state.approval:
        pages.write_approval(state.approval, state.is_broken)
    pages.write_parameters(text)
    for category, criteria in text.groups:
        pages.start_part(category)
        for criterion in criteria:
            pages.write_criterion(criterion)
    return pages.finish()


class VersionPages(PdfPages):
    def __init__(self, state: VersionState, printed: str) -> None:
        self.version, self.state, self.printed = state.version, state, printed
        named = {"trial": self.version.trial.code, "number": self.version.number}
        self.name = _("%(trial)s, protocol version %(number)s") % named
        super().__init__(self.name, SIZE, LINE, PAD, margin=16)
        self.set_columns(SHARES)
        self.add_page()

    def set_columns(self, shares: Sequence[float]) -> None:
        """Set the widths of a table's columns."""
        self.widths = [share * self.epw / sum(shares) for share in shares]

    def footer(self) -> None:
        self.set_font_size(SIZE - 2)
        fingerprint = _("Fingerprint %(sha256)s") % {"sha256": self.version.definition_sha256}
        for number, line in enumerate((f"{self.name}. {self.printed}", fingerprint)):
            self.text(self.l_margin, self.h - VERSION_FOOTER_HEIGHT + 6 + number * LINE, line)
        words = _("page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.set_xy(-self.r_margin - 30, -VERSION_FOOTER_HEIGHT + 6 + LINE / 2)
        self.cell(30, LINE, words, align=Align.R)
        self.set_font_size(SIZE)

    # The building blocks. Widths are measured in the letters of the text, whatever they are drawn in.

    def ensure_space(self, height: float, again: Callable[[], None] | None = None) -> None:
        """Start a new page where `height` does not fit on this one.

        `again` then draws what must be repeated at its head.
        """
        if self.get_y() + height > self.h - VERSION_FOOTER_HEIGHT:
            self.add_page()
            if again:
                again()

    def add_paragraph(self, text: str, size: float = SIZE, indent: float = 0) -> None:
        leading = LINE * size / SIZE
        width = (self.epw - indent) * SIZE / size
        for line in [line for part in text.splitlines() for line in self.lines(part, width)]:
            self.ensure_space(leading)
            self.set_font_size(size)
            self.text(self.l_margin + indent, self.get_y() + leading * 0.8, line)
            self.set_font_size(SIZE)
            self.set_y(self.get_y() + leading)

    def start_part(self, title: str) -> None:
        self.ensure_space(HEAD + 8 * LINE)
        self.set_y(self.get_y() + 2 * LINE)
        self.start_section(title)
        self.add_paragraph(title, HEAD)
        self.set_y(self.get_y() + PAD)

    def add_fields(self, pairs: Iterable[tuple[str, str]], indent: float = 0) -> None:
        for label, text in pairs:
            if text:
                self.set_y(self.get_y() + PAD * 0.6)
                self.add_paragraph(_("%(label)s: %(text)s") % {"label": label, "text": text}, indent=indent)

    # What is told

    def write_title_page(self) -> None:
        version = self.version
        self.start_section(self.name)
        self.add_paragraph(self.name, TITLE)
        self.add_paragraph(version.trial.title, HEAD)
        self.set_y(self.get_y() + PAD)
        self.add_fields(
            [
                (_("Registry record"), version.trial.registry_url),
                (_("State on the day of printing"), self.state.words),
                (_("In force from"), version.effective_from.isoformat()),
                (_("Sponsor's protocol"), sponsor_protocol_text(version.sponsor_protocol)),
                (_("Note"), version.note),
                (_("Fingerprint (SHA-256)"), version.definition_sha256),
            ]
        )
        if self.state.approval is None:
            day = timezone.localtime(version.created_at).date().isoformat()
            self.add_paragraph(
                _("Loaded from a definition file on %(day)s; no approval is recorded here.") % {"day": day}
            )

    def sponsor_protocol(self) -> str:
        """Return where the official wording stands, in words."""
        if named := sponsor_protocol_text(self.version.sponsor_protocol):
            return _("as above, of the sponsor's protocol %(named)s") % {"named": named}
        return _("as above")

    def write_approval(self, approval: Approval, is_broken: bool) -> None:
        self.start_part(_("Approval"))
        if is_broken:
            self.add_paragraph(_("This signature does not fit the version that it stands on."), HEAD)
        self.add_fields(
            [
                (_("Signed by"), f"{approval.printed_name}, {approval.role}"),
                (_("Signed at"), approval.signed_at),
                (_("Meaning of the signature"), approval.meaning),
                (_("Reason"), approval.reason),
                (_("Ethics committee"), approval.ethics_committee),
                (_("Reference of its approval"), approval.ethics_reference),
                (_("Approved by it on"), approval.ethics_approved_on.isoformat()),
            ]
        )

    def write_parameters(self, text: VersionText) -> None:
        """Write the table of the parameters, with a column of sources where the version has any."""
        self.start_part(_("Parameters"))
        self.set_columns(SHARES_WITH_SOURCE if text.has_parameter_sources else SHARES)
        self.write_column_titles()
        for each in text.parameters:
            columns = self.fit_cells(parameter_cells(each))
            self.ensure_space(self.height_of(columns), self.write_column_titles)
            self.draw(columns)

    def write_column_titles(self) -> None:
        titles = (_("Parameter"), _("Value"), _("Type"), _("Permitted"), _("Read by"), _("Source"))
        self.draw(self.fit_cells(titles), fill=True)

    def fit_cells(self, cells: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the lines of as many cells as there are columns."""
        return [self.lines(cell, width - 2 * PAD) for cell, width in zip(cells, self.widths, strict=False)]

    def write_criterion(self, criterion: CriterionText) -> None:
        self.ensure_space(5 * LINE)
        self.set_y(self.get_y() + LINE * 0.6)
        self.start_section(criterion.code, level=1)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.set_y(self.get_y() + PAD)
        official = criterion.official_wording
        self.add_paragraph(f"{criterion.code}  {official or criterion.statement}", SIZE + 1.5)
        self.add_fields(
            [
                (_("Official wording"), official and self.sponsor_protocol()),
                (_("Statement"), criterion.statement if official else _("as above; no official wording was entered")),
                (_("Rule"), criterion.rule),
                (_("Interpretation"), criterion.reading),
                (_("Source"), criterion.source),
            ],
            INDENT,
        )


def parameter_cells(parameter: ParameterText) -> tuple[str, ...]:
    codes = ", ".join(parameter.codes) or _("no criterion")
    permitted = parameter.permitted or "–"
    return parameter.title, parameter.value, parameter.type, permitted, codes, parameter.source or "–"
