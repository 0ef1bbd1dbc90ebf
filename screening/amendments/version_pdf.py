"""The full text of a protocol version for print; its fingerprint stands on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf.enums import Align

from criteria.models import Approval
from screening.amendments.version_states import VersionState
from screening.amendments.version_text import CriterionText, ParameterText, VersionText
from screening.shared.pdf import Pages

SIZE, LINE, PAD = 8.5, 4.2, 1.0  # the letters in points, the rest in millimetres
TITLE, HEAD = 15, 11  # the letters of the title and of headings
FOOT = 16
INDENT = 4
SHARES = (6, 3, 3, 4, 3)  # of the columns of the parameters


def write_version(state: VersionState, text: VersionText, printed: str) -> bytes:
    """The PDF; `printed` says when and for whom it was made."""
    pages = VersionPages(state, printed)
    pages.tell_version()
    if state.approval:
        pages.tell_approval(state.approval, state.is_broken)
    pages.tell_parameters(text.parameters)
    for category, criteria in text.groups:
        pages.part(category)
        for criterion in criteria:
            pages.tell_criterion(criterion)
    return bytes(pages.output())


class VersionPages(Pages):
    def __init__(self, state: VersionState, printed: str) -> None:
        self.version, self.state, self.printed = state.version, state, printed
        named = {"trial": self.version.trial.code, "number": self.version.number}
        self.name = _("%(trial)s, protocol version %(number)s") % named
        super().__init__(self.name, SIZE, LINE, PAD, margin=16)
        self.widths = [share * self.epw / sum(SHARES) for share in SHARES]
        self.add_page()

    def footer(self) -> None:
        self.set_font_size(SIZE - 2)
        fingerprint = _("Fingerprint %(sha256)s") % {"sha256": self.version.definition_sha256}
        for number, line in enumerate((f"{self.name}. {self.printed}", fingerprint)):
            self.text(self.l_margin, self.h - FOOT + 6 + number * LINE, line)
        words = _("page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.set_xy(-self.r_margin - 30, -FOOT + 6 + LINE / 2)
        self.cell(30, LINE, words, align=Align.R)
        self.set_font_size(SIZE)

    # The building blocks. Widths are measured in the letters of the text, whatever they are drawn in.

    def keep(self, height: float, again: Callable[[], None] | None = None) -> None:
        """A new page where so much does not fit on this one; what must stand `again` at its head is drawn there."""
        if self.get_y() + height > self.h - FOOT:
            self.add_page()
            if again:
                again()

    def tell(self, text: str, size: float = SIZE, indent: float = 0) -> None:
        leading = LINE * size / SIZE
        width = (self.epw - indent) * SIZE / size
        for line in [line for part in text.splitlines() for line in self.lines(part, width)]:
            self.keep(leading)
            self.set_font_size(size)
            self.text(self.l_margin + indent, self.get_y() + leading * 0.8, line)
            self.set_font_size(SIZE)
            self.set_y(self.get_y() + leading)

    def part(self, title: str) -> None:
        self.keep(HEAD + 8 * LINE)
        self.set_y(self.get_y() + 2 * LINE)
        self.start_section(title)
        self.tell(title, HEAD)
        self.set_y(self.get_y() + PAD)

    def labelled(self, pairs: Iterable[tuple[str, str]], indent: float = 0) -> None:
        for label, text in pairs:
            if text:
                self.set_y(self.get_y() + PAD * 0.6)
                self.tell(_("%(label)s: %(text)s") % {"label": label, "text": text}, indent=indent)

    # What is told

    def tell_version(self) -> None:
        version = self.version
        self.start_section(self.name)
        self.tell(self.name, TITLE)
        self.tell(version.trial.title, HEAD)
        self.set_y(self.get_y() + PAD)
        self.labelled(
            [
                (_("Registry record"), version.trial.registry_url),
                (_("State on the day of printing"), self.state.words),
                (_("In force from"), version.effective_from.isoformat()),
                (_("Note"), version.note),
                (_("Fingerprint (SHA-256)"), version.definition_sha256),
            ]
        )
        if self.state.approval is None:
            day = timezone.localtime(version.created_at).date().isoformat()
            self.tell(_("Loaded from a definition file on %(day)s; no approval is recorded here.") % {"day": day})

    def tell_approval(self, approval: Approval, is_broken: bool) -> None:
        self.part(_("Approval"))
        if is_broken:
            self.tell(_("This signature does not fit the version that it stands on."), HEAD)
        self.labelled(
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

    def tell_parameters(self, parameters: Iterable[ParameterText]) -> None:
        self.part(_("Parameters"))
        self.tell_titles()
        for each in parameters:
            codes = ", ".join(each.codes) or _("no criterion")
            cells = (each.title, each.value, each.type, each.permitted or "–", codes)
            columns = self.fitted(cells)
            self.keep(self.height_of(columns), self.tell_titles)
            self.draw(columns)

    def tell_titles(self) -> None:
        titles = (_("Parameter"), _("Value"), _("Type"), _("Permitted"), _("Read by"))
        self.draw(self.fitted(titles), fill=True)

    def fitted(self, cells: Iterable[str]) -> list[tuple[str, ...]]:
        return [self.lines(cell, width - 2 * PAD) for cell, width in zip(cells, self.widths, strict=True)]

    def tell_criterion(self, criterion: CriterionText) -> None:
        self.keep(5 * LINE)
        self.set_y(self.get_y() + LINE * 0.6)
        self.start_section(criterion.code, level=1)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.set_y(self.get_y() + PAD)
        self.tell(f"{criterion.code}  {criterion.statement}", SIZE + 1.5)
        self.labelled(
            [
                (_("Rule"), criterion.rule),
                (_("Reading"), criterion.reading),
                (_("Official wording"), criterion.official_wording),
            ],
            INDENT,
        )
