"""The beginning of a definition file: a commented skeleton, with what a registry record says of the trial."""

from __future__ import annotations

import json
import re
from pathlib import Path

from criteria.definition.registry_record import RecordStatement, RegistryRecord

SKELETON = Path(__file__).with_name("skeleton.yaml")
TRIAL_CODE = re.compile(r"^  code: MY-TRIAL.*$", re.MULTILINE)
TRIAL_TITLE = re.compile(r"^  title: A trial without a title.*$", re.MULTILINE)
REGISTRY = re.compile(r"^  # registry_url:.*$", re.MULTILINE)
ENROLMENT_LINE = re.compile(r"^  # planned_enrolment:.*$", re.MULTILINE)
BEFORE_TESTS = "# " + "-" * 117 + "\n# Tests:"
HEAD = """\
# The statements of the registry record {number}, as a start: nothing here counts until you take away the # before it.
# Say each in your own words, declare its numbers as parameters above, and write its rule. One sentence is often several
# criteria, and several sentences one.

"""
STATEMENT = """\
#  - code: {code}
#    category: {category}
#    statement: {statement}
#    source: {source}
#    rule:{numbers}

"""


def skeleton_text(record: RegistryRecord | None = None) -> str:
    """Return a definition without a fault; of a record its names, and its statements as comments, never as rules."""
    text = SKELETON.read_text(encoding="utf-8")
    if record is None:
        return text
    if record.number:
        text = TRIAL_CODE.sub(f"  code: {record.number}", text)
    if record.title:
        title = f"  title: {quoted_line(record.title)}"
        text = TRIAL_TITLE.sub(lambda _found: title, text)
    if record.number.startswith("NCT"):
        text = REGISTRY.sub(f"  registry_url: https://clinicaltrials.gov/study/{record.number}", text)
    if record.planned_enrolment:
        text = ENROLMENT_LINE.sub(f"  planned_enrolment: {record.planned_enrolment}", text)
    statements = "".join(statement_text(each, record.number) for each in record.statements)
    head = HEAD.format(number=record.number or "(without a number)")
    return text.replace(BEFORE_TESTS, head + statements + BEFORE_TESTS) if statements else text


def statement_text(each: RecordStatement, number: str) -> str:
    source = f"Registry record {number}, {each.category} criterion {each.place}".replace(" ,", ",")
    return STATEMENT.format(
        code=each.code,
        category=each.category,
        statement=quoted_line(each.text),
        source=quoted_line(source),
        numbers=f"    # numbers in it: {'; '.join(each.numbers)}" if each.numbers else "",
    )


def quoted_line(text: str) -> str:
    """Return a text of one line as a YAML text in double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)
