"""Identifiers of a person that a text seems to hold: numbers and addresses that screening does not need.

Each pattern is matched against text normalised by NFKC, that is with full-width and half-width characters made
plain. Chinese characters may be adjacent to a number; an adjacent letter or digit makes it part of something
else, such as a sample number.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

DASH = r"\-\u2010-\u2015"
GAP = rf"[\s.{DASH}]"  # as people group digits when they type
ANY_GAP = rf"{GAP}?"
BEGIN, END = r"(?<![0-9A-Za-z_])", r"(?![0-9A-Za-z_])"
DATE = r"(?:19|20)\d\d[-./]?(?:0[1-9]|1[0-2])(?:[-./]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)"


class Identifier(StrEnum):
    IDENTITY_NUMBER = "identity_number"
    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"


IDENTIFIER_LABELS = {
    Identifier.IDENTITY_NUMBER: _("an 18-digit identity number"),
    Identifier.PHONE_NUMBER: _("a phone number"),
    Identifier.EMAIL_ADDRESS: _("an e-mail address"),
}


def in_groups(*classes: str) -> str:
    """Return the pattern of characters of these classes in a row, grouped in any way."""
    return ANY_GAP.join(classes)


def digits(count: int) -> str:
    return in_groups(*[r"\d"] * count)


def one_of(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


# A Chinese identity number (GB 11643): six digits of a place, a day of birth, three digits and a check sign. It does
# not end within a date: 0930 1920-01-01 1920-01-01 is a time and two days.
CENTURY = one_of(in_groups("1", "[89]"), in_groups("2", "0"))
MONTH = one_of(in_groups("0", "[1-9]"), in_groups("1", "[0-2]"))
DAY = one_of(in_groups("0", "[1-9]"), in_groups("[12]", r"\d"), in_groups("3", "[01]"))
PERSON = rf"(?<!\d){in_groups(digits(6), CENTURY, digits(2), MONTH, DAY, digits(3), '[0-9Xx]')}(?!\d|[.{DASH}]\d)"

# A mobile number has 11 digits: in one run that is no decimal, or in three groups that one kind of sign parts. Groups
# of other lengths are dates, counts and ranges: 14.03.2026 160, 15000-200000.
UNBROKEN_MOBILE = rf"{BEGIN}(?<!\d\.)1[3-9]\d{{9}}{END}(?!\.\d)"
LENGTHS = ((1, 4, 4), (2, 3, 4), (2, 4, 3), (1, 3, 5))  # the first of them without its first two digits
GROUPS = one_of(
    *(
        rf"1[3-9]\d{{{first}}}(?P<gap{at}>{GAP})\d{{{second}}}(?P=gap{at})\d{{{third}}}"
        for at, (first, second, third) in enumerate(LENGTHS)
    )
)
MOBILE = one_of(UNBROKEN_MOBILE, rf"{BEGIN}(?<!\d[-.])(?:86{GAP})?{GROUPS}{END}(?![-.]\d)")

# A number within China with its area code. 0930 20260314 is a time and a date, 010-2026-0314 a sample.
AREA = one_of("10", r"2\d", r"[3-9]\d\d")
BEFORE = one_of(rf"\(0{AREA}\)\s?", rf"0{AREA}[\s{DASH}]")
NO_DAY = rf"(?!{DATE})(?!(?:19|20)\d\d{GAP})"
LANDLINE = rf"{BEGIN}(?<![0-9A-Za-z]-){BEFORE}{NO_DAY}[2-9]\d{{2,3}}[\s{DASH}]?\d{{4}}{END}(?!-\d)"

# After China's own code, either kind, in any groups.
CODE = one_of(r"\((?:\+|00)?86\)", r"\+86", rf"{BEGIN}0086")
NATIONAL = one_of(in_groups("1", "[3-9]", digits(9)), rf"{in_groups(AREA, '[2-9]', digits(6))}(?:{ANY_GAP}\d)?")
CHINESE = rf"{CODE}{GAP}{{0,3}}{NATIONAL}{END}"

# Any country's, written with a plus: not the finding before it (HBsAg+ 2026-03-14), no decimal, no range of counts.
NO_DECIMAL = r"(?!\d{1,15}\.\d{1,30}(?![\d.\s-]{0,15}\d))"
NO_RANGE = rf"(?!\d{{4,15}}[{DASH}]\d{{4,15}}(?![\d.-]))"
ABROAD = rf"(?<![0-9A-Za-z_)])\+(?!{DATE}){NO_DECIMAL}{NO_RANGE}[1-9](?:[\s.(){DASH}]{{0,2}}\d){{7,14}}{END}"

# Only the last letter before the sign is looked at: to look for all of them takes long where there is no sign.
EMAIL = r"[\w+%-]@(?:[\w-]{1,63}\.)+[^\W\d_]{2}"

PATTERNS = (
    (Identifier.IDENTITY_NUMBER, re.compile(PERSON)),
    (Identifier.PHONE_NUMBER, re.compile(one_of(MOBILE, LANDLINE, CHINESE, ABROAD), re.ASCII)),
    (Identifier.EMAIL_ADDRESS, re.compile(EMAIL)),
)
DIGIT_OR_AT = re.compile(r"[\d@]")  # one of which every pattern needs


def identifier_in(text: str) -> Identifier | None:
    """Return the first kind of identifier that the text seems to hold, or None."""
    plain = unicodedata.normalize("NFKC", text)
    if not DIGIT_OR_AT.search(plain):
        return None
    return next((kind for kind, pattern in PATTERNS if pattern.search(plain)), None)
