import random
import re
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, strategies as st

from criteria.records import canonical
from criteria.vocabulary.identifiers import Identifier, identifier_in
from criteria.vocabulary.values import text_fault
from tests.support.random_documents import random_document

PHONES = [
    # mobile
    *("13800138000", "tel 19912345678.", "电话13800138000，本人", "１３８００１３８０００", "(13800138000)"),
    *("13800138000/13900139000", "138–0013–8000"),
    *("138 0013 8000", "138-0013-8000", "138.0013.8000", "1380 013 8000", "1380-0138-000", "138 001 38000"),
    *("138\u30000013\u30008000", "１３８－００１３－８０００", "138\xa00013\xa08000", "86-138-0013-8000"),
    *("+8613800138000", "+86 138 0013 8000", "+86-13800138000", "＋８６ １３８００１３８０００", "008613800138000"),
    *("0086 138 0013 8000", "(86)13800138000", "(+86) 138-0013-8000", "（86）138 0013 8000", "+86.13800138000"),
    *("date 2026-03-14 13800138000", "2026-03-14 138 0013 8000", "wife:13800138000"),
    # landline
    *("010-82345678", "010 8234 5678", "(010) 82345678", "（0571）8765 4321", "0571-87654321"),
    *("0571-8765432", "021-2345-6789", "0755—2345678", "家里电话010-82345678", "+86 10 8234 5678", "(86)571-87654321"),
    # abroad
    *("+44 20 7946 0958", "+1 (415) 555-2671", "+1-415-555-2671", "+49 30 901820", "+85223456789", "(+44) 2079460958"),
    *("tel:+33612345678", "电话+81 3-1234-5678", "+1 415.555.2671"),
]  # fmt: skip

HARMLESS = [
    "0930 1920-01-01 1920-01-01",
    *("2026-03-14", "2026-03", "20260314", "2026-03-14 to 2026-04-01", "2026-03-14/2026-04-01", "20260314-20260401"),
    *("2026.03.14-2026.04.01", "14.03.2026 160/100", "14.03.2026-15.04.2026", "1998-03-14 1200", "2026-03-14 10:30"),
    *("2026-03-14T10:20:30", "0930 20260314", "1985.03.14 120"),
    *("100000 /mm3", "1500-2000", "1500 - 2000 /mm3", "15000-200000 /mm3", "100000-150000", "210 10*9/L", "200 mg q3w"),
    *("+1500-2000", "+100000-150000", "+2.5", "+1234.56789012", "CD8+ 20260314", "HBsAg+ 2026-03-14"),
    *("HBsAg +2026-03-14", "+2026-03 2026-04"),
    *("NCT05990231", "751-8", "42595-9", "35591-7", "C15.9", "L-2026-000123", "010-2026-0314", "S-010-2345678"),
    *("160/100", "160/100 mmHg 2026-03-14", "0.13800138000", "13800138000.5", "1.13800138000", "3.14159265358979"),
    *("113800138000", "138001380001", "L13800138000", "13800138000B", "lot_13800138000", "10013800138000138"),
    *("12345678901", "1-2-3-4-5-6-7-8-9", "12 of 24, 13 of 24", "13,800,138,000 copies/mL", "Cmax @ 8.30", "3 mg@0.5"),
    *("carboplatin AUC 5 (450 mg) day 1, paclitaxel 175 mg/m2 (260 mg) day 1, every 21 days", "", "肝左叶 22 mm"),
]  # fmt: skip


@pytest.mark.parametrize("text", PHONES)
def test_phone_number_is_seen_however_it_is_written(text):
    assert identifier_in(text) is Identifier.PHONE_NUMBER


@pytest.mark.parametrize("text", HARMLESS)
def test_what_coordinators_really_write_is_let_be(text):
    assert identifier_in(text) is None
    assert identifier_in(f"seen {text}, again") is None
    assert identifier_in(f"见{text}。") is None


@pytest.mark.parametrize(
    "text",
    [
        "li.na@example.com",
        "邮箱li@example.cn",
        "li_na@mail.example.com.cn",
        "Ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "<a@b.io>",
        "a+b@公司.中国",
    ],
)
def test_email_address_is_seen(text):
    assert identifier_in(text) is Identifier.EMAIL_ADDRESS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("11010519491231002X", "an 18-digit identity number"),
        ("138 0013 8000", "a phone number"),
        ("li@example.com", "an e-mail address"),
    ],
)
def test_message_says_what_it_looks_like_and_what_would_be_right(text, name):
    message = text_fault(f"asked, {text}")
    assert f"looks like {name}: leave it out" in message
    assert "screening number alone" in message


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
AROUND = st.sampled_from(["", " ", "，", "电话", "tel: ", "(", "seen 2026-03-14, ", "。"])


@given(AROUND, st.sampled_from(["", "+86", "+86 ", "0086", "0086-", "(86)", "(+86) "]), MOBILES, st.data())
def test_mobile_number_is_seen_in_every_writing(before, code, number, data):
    sign = data.draw(st.sampled_from(["", " ", "-", ".", "\u3000"]))
    text = sign.join((number[:3], number[3:7], number[7:]))
    wide = data.draw(st.booleans())
    text = text.translate({ord(digit): ord(digit) - ord("0") + ord("０") for digit in "0123456789"}) if wide else text
    assert identifier_in(f"{before}{code}{text}, wife") is Identifier.PHONE_NUMBER


@given(AROUND, st.from_regex(r"\A0(10|2[0-9]|[3-9][0-9]{2})\Z"), st.from_regex(r"\A[3-9][0-9]{6,7}\Z"))
def test_landline_is_seen_with_its_area_code(before, area, number):
    for text in (
        f"{area}-{number}",
        f"({area}){number}",
        f"{area} {number}",
        f"（{area}） {number[:-4]} {number[-4:]}",
    ):
        assert identifier_in(before + text) is Identifier.PHONE_NUMBER


@given(AROUND, st.from_regex(r"\A[3-9][0-9]{7,13}\Z"), st.sampled_from(["", " ", "-"]))
def test_number_of_another_country_is_seen(before, number, sign):
    text = sign.join((number[:2], *(number[at : at + 3] for at in range(2, len(number), 3))))
    assert identifier_in(f"{before}+{text}") is Identifier.PHONE_NUMBER


@given(MOBILES, st.from_regex(r"\A[0-9A-Za-z_]\Z"), st.booleans())
def test_run_of_eleven_digits_inside_a_longer_one_or_a_word_is_let_be(number, sign, in_front):
    assert identifier_in(sign + number if in_front else number + sign) is None


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(
    DAYS,
    st.integers(0, 4000),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y.%m.%d", "%Y/%m/%d", "%Y-%m"]),
    st.data(),
)
def test_dates_and_what_stands_beside_them_are_let_be(day, length, form, data):
    until = min(day, date(2088, 1, 1)) + timedelta(length)
    between = data.draw(st.sampled_from([" ", "-", " - ", " to ", "–", "/", "至", " 160/100 "]))
    before = data.draw(st.sampled_from(["", "HBsAg+ ", "L-", "0930 ", "since "]))
    assert identifier_in(f"{before}{day.strftime(form)}{between}{until.strftime(form)}") is None


NUMBERS = st.one_of(
    st.integers(0, 9_999_999).map(str),
    st.decimals(0, 10**9, places=3).map(str),
    st.integers(0, 999_999).map("{:06}".format),
    st.tuples(st.integers(0, 300), st.integers(0, 200)).map("{0[0]}/{0[1]}".format),
)


@given(st.lists(st.tuples(NUMBERS, st.sampled_from([" mg, ", " /mm3; ", " and ", "; ", "%, ", "、"])), max_size=6))
def test_numbers_parted_by_units_are_let_be(parts):
    assert identifier_in("".join(f"{number}{unit}" for number, unit in parts)) is None


def texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in texts(each)]
    return [value] if isinstance(value, str) else []


@given(st.randoms(use_true_random=False))
def test_no_value_of_a_document_looks_like_an_identifier(rng: random.Random):
    document = random_document(rng)
    assert [text for text in texts(document) if identifier_in(text)] == []
    assert identifier_in(" ".join(re.findall('[^"{}]+', canonical.dump(document)))) is None


@pytest.mark.parametrize("piece", ["1", "1 ", "138 ", "+1", "+1.", "a", "a@", "a@a.", "0571-", "+86 ", "(86)"])
def test_long_text_is_read_in_no_time(piece):
    start = perf_counter()
    identifier_in(piece * 100_000)
    assert perf_counter() - start < 5
