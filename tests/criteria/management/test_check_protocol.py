import json
import tracemalloc
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import PROTOCOL, ROOT
from tests.criteria.definition.test_bad_files import GOOD


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "trial.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(path, *options):
    """What the command writes, and its exit status."""
    out = StringIO()
    try:
        call_command("check_protocol", str(path), *options, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_sound_file_is_told_with_what_was_checked(file):
    path = file(GOOD)
    assert run(path) == (f"{path}: sound; faults: 0, warnings: 0, criteria: 5, tests passed: 4\n", 0)


def test_every_fault_is_a_line_with_its_place_and_the_status_is_one(file):
    path = file(
        GOOD.replace("compare: [labs.anc", "compare: [labs.acn").replace("title: A made-up", "titel: A made-up")
    )
    written, status = run(path)
    assert status == 1
    assert written.splitlines() == [
        f"{path}:3:3: error: trial.title: is missing",
        f"{path}:4:3: error: trial.titel: unknown key (found “A made-up trial”); did you mean “title”?",
        f"{path}:69:29: error: criteria[2].rule.all[0].compare[0]: unknown fact “labs.acn”; did you mean “labs.anc”?",
        f"{path}: refused; faults: 3, warnings: 0",
    ]


def test_warnings_alone_leave_the_status_at_zero(file):
    path = file(GOOD.replace("terms:", "  odd: {title: odd, value: 1}\nterms:"))
    written, status = run(path)
    assert status == 0
    assert written.splitlines() == [
        f"{path}:55:8: warning: parameters.odd: no rule reads this parameter",
        f"{path}: sound; faults: 0, warnings: 1, criteria: 5, tests passed: 4",
    ]


def test_findings_are_a_list_for_editors_where_json_is_asked_for(file):
    written, status = run(file(GOOD.replace("format: 2", "fromat: 2")), "--json")
    assert status == 1
    assert json.loads(written) == [
        {
            "severity": "error",
            "line": 1,
            "column": 1,
            "path": "fromat",
            "message": "unknown key (found “2”); did you mean “format”?",
            "nearest": "format",
        }
    ]
    assert run(file(GOOD), "--json") == ("[]\n", 0)


@pytest.mark.parametrize("path", [PROTOCOL, ROOT / "tests/data/hypertension.yaml"], ids=["shipped", "example"])
def test_definitions_of_this_repository_are_sound_and_without_warning(path):
    written, status = run(path)
    assert status == 0
    assert "faults: 0, warnings: 0" in written


def test_file_of_40_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: b\n" * 8_000_000)
    written, status = run(path)
    assert status == 1
    assert written.startswith(f"{path}:1:1: error: too large: more than 524288 bytes; it was not read")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["no file", "not UTF-8"])
def test_what_cannot_be_read_ends_with_status_two(tmp_path, content):
    path = tmp_path / "trial.yaml"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        call_command("check_protocol", str(path))
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("command", [["evaluate", "-", "--definition"], ["new_protocol", "--from-record"]])
def test_no_command_reads_more_of_a_file_than_a_definition_may_hold(tmp_path, command):
    path, out = tmp_path / "large.yaml", StringIO()
    path.write_bytes(b"a: b\n" * 8_000_000)
    tracemalloc.start()
    try:
        call_command(*command, str(path), stdout=out, stderr=out)
    except CommandError as refusal:
        out.write(str(refusal))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert "too large" in out.getvalue() or "no list of inclusion or exclusion criteria" in out.getvalue()
