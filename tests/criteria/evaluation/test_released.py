"""What an engine once answered, every later engine answers too: the assessments kept of each are replayed for good."""

from functools import cache
from pathlib import Path

import pytest

from criteria import ENGINE_VERSION
from criteria.definition.reader import parse_definition
from criteria.records import canonical
from criteria.versions.versions import load_definition
from screening.eligibility.replay import outcome_bytes
from tests import released
from tests.conftest import ROOT
from tests.released import SETS, answered, fingerprint, kept_definitions, read_definition

HYPERTENSION = ROOT / "tests/data/hypertension.yaml"

definition_of = cache(read_definition)


def lines_of(folder: Path):
    return [canonical.parse(line) for line in (folder / "assessments.jsonl").read_text(encoding="utf-8").splitlines()]


KEPT = {
    f"{folder.name}-{line['definition']}-{line['id']}": (folder, line)
    for folder in sorted(SETS.iterdir())
    for line in lines_of(folder)
}


@pytest.fixture(params=KEPT)
def kept(request):
    return KEPT[request.param]


def again(folder, line):
    """As a replay does it: without asking anew whether the document is valid."""
    return definition_of(folder / f"{line['definition']}.yaml").protocol.sheet(line["document"])


def test_outcomes_are_byte_equal_when_an_old_assessment_is_replayed(kept):
    folder, line = kept
    sheet = again(folder, line)
    assert outcome_bytes(sheet.overall, sheet.outcomes) == outcome_bytes(line["overall"], line["outcomes"])


def test_the_whole_sheet_is_equal_when_the_engine_is_the_same(kept):
    folder, line = kept
    if folder.name == ENGINE_VERSION:
        sheet = again(folder, line)
        assert {name: line[name] for name in answered(sheet)} == answered(sheet)
        assert fingerprint(sheet) == line["sheet_sha256"]


def test_a_set_is_kept_of_the_present_engine():
    """Raise ENGINE_VERSION, and `python -m tests.released` keeps what the engine now answers."""
    assert [line["engine"] for line in lines_of(SETS / ENGINE_VERSION)].count(ENGINE_VERSION) > 50


def test_a_set_that_stands_is_not_made_again():
    with pytest.raises(SystemExit, match="for good"):
        released.keep([])


@pytest.mark.parametrize("path", kept_definitions(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_definition_is_still_the_version_that_it_was(path):
    made = {line["definition_sha256"] for line in lines_of(path.parent) if line["definition"] == path.stem}
    assert made == {definition_of(path).sha256}


@pytest.mark.django_db
def test_a_kept_definition_is_loaded_under_its_old_fingerprint():
    each_once = {definition_of(path).sha256: path for path in kept_definitions()}
    for made, path in each_once.items():
        version, new = load_definition(path.read_text(encoding="utf-8"))
        assert (new, version.definition_sha256) == (True, made)


def test_every_kind_of_outcome_of_every_criterion_is_among_what_is_kept():
    lines = [line for folder, line in KEPT.values() if folder.name == "1.0.0"]
    seen = {(code, outcome) for line in lines for code, outcome in line["outcomes"].items()}
    assert {(code, outcome) for code, _ in seen for outcome in ("pass", "fail", "unknown")} <= seen
    assert {line["overall"] for line in lines} == {"eligible", "ineligible", "undetermined"}


def test_the_replay_would_notice_another_limit():
    definition = definition_of(SETS / "1.0.0/NCT05990231-1.0.yaml")
    _, other = parse_definition(definition.text.replace("value: 1500, unit: /mm3", "value: 4500, unit: /mm3"))
    lines = [line for folder, line in KEPT.values() if line["definition"] == definition.name]
    assert any(other.sheet(line["document"]).outcomes != line["outcomes"] for line in lines)


def test_a_set_holds_its_definitions_and_what_was_answered(tmp_path, monkeypatch):
    monkeypatch.setattr(released, "DRAWN", 0)
    folder = released.keep([HYPERTENSION], tmp_path)
    assert [path.name for path in sorted(folder.iterdir())] == ["EX-HTN-01-1.yaml", "assessments.jsonl"]
    assert {line["id"]: line["outcomes"] for line in lines_of(folder)}["potassium-one-step-above"] == {
        "A1": "pass",
        "A2": "fail",
        "A3": "fail",
    }
