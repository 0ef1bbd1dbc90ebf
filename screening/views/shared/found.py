"""How many rows a filter found, in words that are read out while somebody types."""

from __future__ import annotations

from django.utils.translation import gettext as _, ngettext


def found_text(number: int, *, is_whole: bool) -> str:
    """Return the number of subjects found; of several pages only that there are more."""
    if not is_whole:
        return _("more than one page of subjects found")
    if number == 0:
        return _("nobody found")
    return ngettext("%(number)d subject found", "%(number)d subjects found", number) % {"number": number}
