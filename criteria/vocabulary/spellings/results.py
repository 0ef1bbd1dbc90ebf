"""The words that a laboratory writes in place of a number."""

from __future__ import annotations

import re

from criteria.vocabulary.spellings.plain import FIXED_SPACE, plain_text

NOT_DETECTED = (
    *("not detected", "target not detected", "tnd", "undetected", "undetectable", "negative", "<lod", "below lod"),
    *("未检出", "未检测到", "低于检测下限", "<检测下限", "低于检出限", "阴性"),
)
# What is said of a sample that gave no result: what happened to it, after how much of it was so.
SAMPLE = "(?:(?:the )?(?:sample|specimen|blood)(?: was| is)?[ :,]*|标本|样本|血样|血)"
DEGREE = "(?:(?:gross|severe|moderate|mild|slight|part)(?:ly)? |严重|重度|中度|轻度|轻微|部分)"
HAPPENED = (
    *("ha?emoly", "clot", "coagulat", "lipa?em", "insufficient", "quantity not sufficient", "qns", "contaminat"),
    *("lost", "broken", "unsuitable", "rejected", "not done", "cancel"),
    *("溶血", "凝血", "凝固", "有?凝块", "脂血", "乳糜", "量?不足", "不合格", "污染", "丢失", "拒收", "未做", "取消"),
)
UNUSABLE = re.compile(f"{SAMPLE}?{DEGREE}?(?:{'|'.join(HAPPENED)})[^0-9]*")  # with a digit a number may be meant
GRADED = re.compile(r"\(?(?:[0-9]?\++|[+-]/[+-]|[±-]|(?:weak(?:ly)? )?positive|trace|弱?阳性|微量)\)?")
NUMBER_FIRST = re.compile(r"[<>≤≥=~ ]*[-.,]?[0-9]")


def is_not_detected(text: str) -> bool:
    return _words(text) in NOT_DETECTED


def is_unusable(text: str) -> bool:
    """Return whether a text says that the sample gave no result."""
    return UNUSABLE.fullmatch(_words(text)) is not None


def is_graded(text: str) -> bool:
    """Return whether a text is a grade, such as 1+ or ±, of a test that is not measured."""
    return GRADED.fullmatch(_words(text)) is not None


def is_worded(text: str) -> bool:
    """Return whether words stand in the place of a number, or a grade does: it may be that the sample gave none."""
    return is_graded(text) or not NUMBER_FIRST.match(plain_text(text))


def _words(text: str) -> str:
    return " ".join(plain_text(text).replace(FIXED_SPACE, " ").casefold().split()).rstrip(".")
