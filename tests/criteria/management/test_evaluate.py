import io
import json
import subprocess
import sys
from decimal import Decimal
from io import StringIO
from itertools import count, islice, repeat
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from criteria.management.commands.evaluate import UNUSABLE, answer_lines
from criteria.records import canonical
from criteria.versions.versions import load_definition
from tests.conftest import CASES, PROTOCOL, ROOT
from tests.criteria.definition.test_reader import SMALL
from tests.support.documents import BASE

MAN = canonical.dump(BASE["man"])


def line(identity, document=MAN):
    return f'{{"id":{identity},"document":{document}}}\n'.encode()


def run(path, *options):
    out = StringIO()
    call_command("evaluate", str(path), *options, stdout=out)
    return [json.loads(row, parse_float=Decimal) for row in out.getvalue().splitlines()]


def evaluated(path):
    """Answers from the definition file; without the `db` mark the database would refuse to be touched."""
    return run(path, "--definition", str(PROTOCOL))


# What is answered


def test_every_case_is_answered_with_its_outcomes_and_its_proofs():
    rows = [json.loads(row) for row in CASES.read_text(encoding="utf-8").splitlines()]
    found = evaluated(CASES)
    assert [answer["id"] for answer in found] == [row["id"] for row in rows]
    for row, answer in zip(rows, found, strict=True):
        assert answer["overall"] == row["overall"]
        assert answer["outcomes"] == row["expect"]
        assert answer["proofs"].keys() == row["expect"].keys()
        assert all((answer["outcomes"][code] == "unknown") == (code in answer["missing"]) for code in row["expect"])


def test_a_refused_document_is_answered_with_its_faults_and_the_rest_goes_on(tmp_path):
    refused = (ROOT / "tests/data/refused.jsonl").read_bytes()
    path = tmp_path / "visits.jsonl"
    path.write_bytes(refused + line(1))
    *bad, good = evaluated(path)
    expected = [json.loads(row)["fault"] for row in refused.decode().splitlines()]
    assert [[fault["path"] for fault in answer["faults"]] for answer in bad] == [[path] for path in expected]
    assert good["overall"] == "eligible"


@pytest.mark.parametrize(
    "identity", ["1", "1.50", '"a"', "null", "true", "[1,2]", '{"a":{"b":null}}', '"\\ud800"', '""', "1e400"]
)
def test_an_id_of_any_kind_comes_back_as_it_was(protocol, identity):
    (answer,) = answer_lines(protocol, [line(identity)])
    assert canonical.dump(answer["id"]) == canonical.dump(canonical.parse(identity))


@pytest.mark.parametrize("identity", ["NaN", "-Infinity", '{"a":1,"a":2}', '1,"id":2'])
def test_an_id_that_cannot_be_written_again_is_a_fault_and_no_crash(protocol, identity):
    first, second = answer_lines(protocol, [line(identity), line(2)])
    assert first["id"] is None
    assert [fault["path"] for fault in first["faults"]] == ["id"]
    assert canonical.dump(first)
    assert second["overall"] == "eligible"


# How it may be written


@pytest.mark.parametrize(
    ("text", "identities"),
    [
        (MAN.encode(), [None]),
        (json.dumps(json.loads(MAN), indent=2).encode(), [None]),
        (json.dumps({"id": 7, "document": json.loads(MAN)}, indent=1).encode(), [7]),
        (b"\xef\xbb\xbf" + line(1), [1]),
        (b"\n  \n" + line(1) + b"\n\r\n" + line(2) + b"\n\n", [1, 2]),
        (line(1).replace(b"\n", b"\r\n") + line(2).rstrip(), [1, 2]),
        (MAN.encode() + b"\n" + line(1), [None, 1]),
        (b"\n" + json.dumps(json.loads(MAN), indent=2).encode() + b"\n\n", [None]),
        (b"", []),
        (b"\n\n", []),
    ],
)
def test_one_document_or_one_a_line_is_understood(protocol, text, identities):
    found = list(answer_lines(protocol, io.BytesIO(text)))
    assert [answer["id"] for answer in found] == identities
    assert all(answer["overall"] == "eligible" for answer in found)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"{}", "visit.date"),
        (b"[]", ""),
        (b"null", ""),
        (b"5", ""),
        (b'"visit"', ""),
        (b"{", ""),
        (b"\xff\xfe{}", ""),
        (b'{"document": 5}', ""),
        (b'{"document": null}', ""),
        (b'{"id": 1}', "id"),
        (b'{"document": {}, "document": {}}', ""),
        (b'{"visit": {"date": "2026-03-09"}, "visit": {}}', "visit"),
        (b'{"visit": {"date": "2026-03-09"}, "vitals": {"weight_kg": NaN}}', "vitals.weight_kg"),
        (b'{"visit": {"date": "2026-03-09"}, "vitals": {"weight_kg": 1e9999999999999999999}}', ""),
        (b"[" * 100000, ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_odd_line_is_a_fault_and_the_next_line_is_answered(protocol, text, path):
    odd, good = answer_lines(protocol, [text + b"\n", line(1)])
    assert path in [fault["path"] for fault in odd["faults"]]
    assert canonical.dump(odd)
    assert good["overall"] == "eligible"


def test_a_bad_line_in_the_middle_stands_alone(protocol):
    found = list(answer_lines(protocol, [line(1), b"{broken\n", line(2), b"\xff\n", line(3)]))
    assert [answer["id"] for answer in found] == [1, None, 2, None, 3]
    assert ["faults" in answer for answer in found] == [False, True, False, True, False]


# How much it holds


def test_answers_come_before_the_input_ends(protocol):
    endless = (line(number) for number in count())
    assert [answer["id"] for answer in islice(answer_lines(protocol, endless), 3)] == [0, 1, 2]


def test_no_more_lines_are_read_than_were_answered(protocol):
    taken = []

    def lines():
        for number in count():
            taken.append(number)
            yield line(number)

    next(answer_lines(protocol, lines()))
    assert len(taken) <= 2


def test_an_endless_input_that_begins_with_a_bad_line_is_answered_too(protocol):
    padding = b'{"id": 2, "document": {}}' + b" " * 100_000 + b"\n"
    found = answer_lines(protocol, (text for text in (b"{broken\n", *repeat(padding, 100), line(3))))
    assert "faults" in next(found)
    assert next(found)["id"] == 2


# Where it reads from


def test_standard_input_is_read_where_the_file_is_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(line(1))))
    assert evaluated("-")[0]["overall"] == "eligible"


@pytest.mark.parametrize("given", ["file", "definition"])
def test_a_file_that_cannot_be_read_ends_with_status_2(tmp_path, given):
    missing = str(tmp_path / "nowhere")
    options = (missing, "--definition", str(PROTOCOL)) if given == "file" else (str(CASES), "--definition", missing)
    with pytest.raises(CommandError, match="nowhere") as error:
        run(*options)
    assert error.value.returncode == UNUSABLE


@pytest.mark.parametrize("content", [b"a: [", b"trial: 5", b"\xff", b""])
def test_a_broken_definition_ends_with_status_2(tmp_path, content):
    path = tmp_path / "trial.yaml"
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(CASES, "--definition", str(path))
    assert error.value.returncode == UNUSABLE


def test_the_process_ends_with_status_0_also_where_a_document_is_refused(tmp_path):
    path = tmp_path / "visits.jsonl"
    path.write_bytes(b"{}\n" + line(1))
    command = [sys.executable, "manage.py", "evaluate", str(path), "--definition", str(PROTOCOL)]
    done = subprocess.run(  # noqa: S603, our own command
        command, cwd=ROOT, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == [None, 1]


@pytest.mark.django_db
def test_the_version_in_force_today_is_used_without_a_definition(tmp_path, second_text):
    load_definition(SMALL)
    path = tmp_path / "visit.json"
    path.write_text('{"visit": {"date": "2026-03-09", "pulse": 110}}')
    assert run(path)[0]["outcomes"] == {"I1": "fail", "E1": "unknown"}


@pytest.mark.django_db
def test_a_trial_must_be_named_where_there_are_two(tmp_path, second_text):
    load_definition(SMALL)
    load_definition(second_text)
    path = tmp_path / "visit.json"
    path.write_text('{"visit": {"date": "2026-03-09"}}')
    with pytest.raises(CommandError, match="--trial") as error:
        run(path)
    assert error.value.returncode == UNUSABLE
    assert run(path, "--trial", "T1")[0]["outcomes"] == {"I1": "unknown", "E1": "unknown"}
    assert "A1" in run(path, "--trial", "MADE-UP-2")[0]["outcomes"]


@pytest.mark.django_db
@pytest.mark.parametrize("options", [(), ("--trial", "T2")])
def test_a_trial_that_was_never_loaded_ends_with_status_2(tmp_path, options):
    if options:
        load_definition(SMALL)
    with pytest.raises(CommandError) as error:
        run(CASES, *options)
    assert error.value.returncode == UNUSABLE


@pytest.mark.django_db
def test_a_trial_that_has_not_begun_ends_with_status_2():
    load_definition(SMALL.replace("2025-01-01", "2190-01-01"))
    with pytest.raises(CommandError, match="in force") as error:
        run(CASES)
    assert error.value.returncode == UNUSABLE
