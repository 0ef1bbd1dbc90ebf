"""The beginning of a definition file: a commented skeleton, with what a registry record says of the trial."""

from __future__ import annotations

import json
import re
from pathlib import Path

from criteria.definition.libraries import shelf_of
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


LIBRARY_HEAD = """\
# A definition that takes from the {names}. It is sound as it stands: run `manage.py check_protocol` on it after
# each change. From a library come the criteria that are named here, and what they read: questions, parameters, terms.
# Give your own words and values beside `like` and under `parameters`; add questions and criteria of your own as in any
# file (docs/protocol-format.md, “Libraries”). Delete the # before a criterion to take it.

format: 3
extends: [{extends}]

trial:
  code: MY-TRIAL                      # unique in an installation: letters, digits, points, hyphens
  title: A trial without a title      # as it is shown on every page

version:
  number: "1.0"                       # in quotes: it is a name
  effective_from: 2026-01-01          # the first day on which visits fall under it

parameters:
  min_age: {{value: 18}}                # the library's title, unit and permitted range stay

criteria:
  - like: ADULT
"""


def library_skeleton_text(names: tuple[str, ...]) -> str:
    """Return a definition that extends libraries, with each criterion that they have as a comment.

    `names` are of `criteria.definition.libraries.library_names`.
    """
    word = "library" if len(names) == 1 else "libraries"
    head = LIBRARY_HEAD.format(names=f"{word} {', '.join(names)}", extends=", ".join(names))
    rest = (each for code, each in shelf_of(names).criteria.items() if code != "ADULT")
    return head + "".join(f"#  - like: {each['code']:<10}# {each['category']}: {each['statement']}\n" for each in rest)


def quoted_line(text: str) -> str:
    """Return a text of one line as a YAML text in double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)
