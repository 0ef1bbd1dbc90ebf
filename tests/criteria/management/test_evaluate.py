import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import count, islice, repeat
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from criteria.evaluation.checks import CheckContext
from criteria.management.commands.evaluate import UNUSABLE, answer_lines
from criteria.records import canonical
from criteria.versions.versions import load_definition
from tests.conftest import CASES, PROTOCOL, ROOT
from tests.criteria.definition.test_reader import SMALL
from tests.support.documents import BASE

CONTEXT = CheckContext(date(2026, 11, 30))
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


def test_sample_that_gave_no_result_is_answered_as_if_it_were_not_there(tmp_path):
    sample = {"analyte": "anc", "collected": "2026-03-10", "not_done": "溶血"}
    without = [each for each in BASE["man"]["labs"] if each["analyte"] != "anc"]
    documents = [
        BASE["man"],
        BASE["man"] | {"labs": [*BASE["man"]["labs"], sample]},
        BASE["man"] | {"labs": [*without, sample]},
    ]
    path = tmp_path / "visits.jsonl"
    path.write_text("".join(canonical.dump({"id": 1, "document": each}) + "\n" for each in documents))
    plain, beside, alone = evaluated(path)
    assert beside == plain
    assert (alone["outcomes"]["I08"], alone["missing"]) == ("unknown", {"I08": ["labs.anc"]})
    path.write_text(canonical.dump({"id": 2, "document": BASE["man"] | {"labs": [sample | {"value": 3}]}}) + "\n")
    (refused,) = evaluated(path)
    assert [fault["path"] for fault in refused["faults"]] == ["labs[0].not_done"]


def test_every_case_of_a_check_is_answered_with_its_code_paths_and_message():
    path = ROOT / "tests/data/checks.jsonl"
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    found = run(path, "--definition", str(PROTOCOL), "--today", "2026-11-30")
    for row, answer in zip(rows, found, strict=True):
        assert all(each.keys() == {"code", "message", "paths"} and each["paths"] for each in answer["checks"])
        codes = {each["code"] for each in answer["checks"]}
        assert set(row["checks"]) <= codes, row["id"]
        assert not codes & set(row["not"]), row["id"]


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
    (answer,) = answer_lines(protocol, [line(identity)], CONTEXT)
    assert canonical.dump(answer["id"]) == canonical.dump(canonical.parse(identity))


@pytest.mark.parametrize("identity", ["NaN", "-Infinity", '{"a":1,"a":2}', '1,"id":2'])
def test_an_id_that_cannot_be_written_again_is_a_fault_and_no_crash(protocol, identity):
    first, second = answer_lines(protocol, [line(identity), line(2)], CONTEXT)
    assert first["id"] is None
    assert [fault["path"] for fault in first["faults"]] == ["id"]
    assert canonical.dump(first)
    assert second["overall"] == "eligible"


def test_outcomes_alone_are_those_of_the_whole_answer():
    rows = run(CASES, "--definition", str(PROTOCOL), "--outcomes-only")
    whole = [{key: each[key] for key in ("id", "overall", "outcomes")} for each in evaluated(CASES)]
    assert rows == whole


def test_outcomes_alone_name_the_faults_of_a_refused_document(tmp_path):
    path = tmp_path / "visits.jsonl"
    path.write_bytes(b"{broken\n" + line(1) + b'{"id": 2, "document": {}}\n')
    found = run(path, "--definition", str(PROTOCOL), "--outcomes-only")
    assert ["faults" in answer for answer in found] == [True, False, True]
    assert found[2]["faults"] == evaluated(path)[2]["faults"]


# In several processes


def test_several_processes_answer_as_one_does_in_the_order_of_the_lines(tmp_path):
    path = tmp_path / "visits.jsonl"
    texts = [b"{broken\n" if number % 7 == 3 else line(number) for number in range(150)]
    path.write_bytes(b"".join(texts))
    several = run(path, "--definition", str(PROTOCOL), "--outcomes-only", "--workers", "2")
    assert several == run(path, "--definition", str(PROTOCOL), "--outcomes-only")
    assert [answer["id"] for answer in several] == [None if number % 7 == 3 else number for number in range(150)]


@pytest.mark.parametrize("workers", ["0", "-1", "two"])
def test_number_of_processes_is_at_least_one(workers):
    with pytest.raises(CommandError, match="--workers"):
        run(CASES, "--definition", str(PROTOCOL), "--workers", workers)


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
    found = list(answer_lines(protocol, io.BytesIO(text), CONTEXT))
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
    odd, good = answer_lines(protocol, [text + b"\n", line(1)], CONTEXT)
    assert path in [fault["path"] for fault in odd["faults"]]
    assert canonical.dump(odd)
    assert good["overall"] == "eligible"


def test_a_bad_line_in_the_middle_stands_alone(protocol):
    found = list(answer_lines(protocol, [line(1), b"{broken\n", line(2), b"\xff\n", line(3)], CONTEXT))
    assert [answer["id"] for answer in found] == [1, None, 2, None, 3]
    assert ["faults" in answer for answer in found] == [False, True, False, True, False]


# How much it holds


def test_answers_come_before_the_input_ends(protocol):
    endless = (line(number) for number in count())
    assert [answer["id"] for answer in islice(answer_lines(protocol, endless, CONTEXT), 3)] == [0, 1, 2]


def test_no_more_lines_are_read_than_were_answered(protocol):
    taken = []

    def lines():
        for number in count():
            taken.append(number)
            yield line(number)

    next(answer_lines(protocol, lines(), CONTEXT))
    assert len(taken) <= 2


def test_an_endless_input_that_begins_with_a_bad_line_is_answered_too(protocol):
    padding = b'{"id": 2, "document": {}}' + b" " * 100_000 + b"\n"
    found = answer_lines(protocol, (text for text in (b"{broken\n", *repeat(padding, 100), line(3))), CONTEXT)
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
