import io
from datetime import date

import pytest

from criteria.versions.versions import load_definition, protocol_of
from screening.amendments.version_pdf import VersionPages, write_version
from screening.amendments.version_states import version_state
from screening.amendments.version_text import VersionText, version_text
from tests.conftest import ROOT
from tests.support.approved import approved

PRINTED = "Printed 2026-05-01 10:00 (UTC) by li"
TODAY = date(2026, 5, 1)


@pytest.fixture
def printed(monkeypatch):
    """What is written on each page of the PDF of a version."""
    pages: dict[int, list[str]] = {}
    text = VersionPages.text

    def noted(self, x, y, words):
        assert y <= self.h
        pages.setdefault(self.page_no(), []).append(words)
        text(self, x, y, words)

    monkeypatch.setattr(VersionPages, "text", noted)

    def write(version, **said):
        state = version_state(version, TODAY)._replace(**said)
        content = write_version(state, version_text(protocol_of(version)), PRINTED)
        assert content.startswith(b"%PDF")
        return {number: " ".join(words) for number, words in pages.items()}

    return write


def squeezed(text: str) -> str:
    """Lines are cut anywhere within a long word."""
    return "".join(text.split())


def test_pdf_has_every_text_of_every_criterion_and_parameter(printed, version):
    feet = (
        f"{version.trial.code}, protocol version {version.number}. {PRINTED}",
        f"Fingerprint {version.definition_sha256}",
    )
    said = squeezed("".join(words.replace(feet[0], "").replace(feet[1], "") for words in printed(version).values()))
    text = version_text(protocol_of(version))
    for criterion in text.criteria:
        for words in (criterion.code, criterion.statement, criterion.rule, criterion.reading, criterion.source):
            assert squeezed(words) in said
    for parameter in text.parameters:
        for words in (parameter.value, parameter.type, parameter.permitted, parameter.source):
            assert squeezed(words) in said


def test_every_page_has_fingerprint_and_version(printed, version):
    pages = printed(version)
    assert len(pages) > 3
    for words in pages.values():
        assert version.definition_sha256 in words
        assert f"{version.trial.code}, protocol version {version.number}. {PRINTED}" in words


def test_titles_of_the_parameters_stand_on_each_page_they_reach(printed, version):
    pages = printed(version)
    assert "Permitted" in pages[1]
    assert "Permitted" in pages[2]


def test_approval_is_printed_with_name_time_and_meaning(printed, version, administrator, investigator):
    amended = approved(version, "2.0", date(2026, 3, 1), administrator, investigator, {"min_anc": 1000})
    first = printed(amended)[1]
    for words in ("Dr. Li Na", amended.approval.signed_at, amended.approval.meaning, "EC-2026-014", "2026-01-05"):
        assert words in first
    assert "in force since 2026-03-01" in first
    assert "does not fit" not in first


def test_forged_approval_is_marked(printed, version, administrator, investigator):
    amended = approved(version, "2.0", date(2026, 3, 1), administrator, investigator, {"min_anc": 1000})
    assert "This signature does not fit the version that it stands on." in printed(amended, is_broken=True)[1]


def test_first_version_says_that_it_was_loaded_from_a_file(printed, version):
    assert "Loaded from a definition file" in printed(version)[1]


def test_other_trial_prints_with_its_own_words(db, printed):
    other = load_definition((ROOT / "tests/data/hypertension.yaml").read_text())[0]
    said = " ".join(printed(other).values())
    assert "Potassium not too high" in said
    assert "Source" not in said  # it cites none


def test_official_wording_of_many_pages_and_other_scripts_is_printed_whole(printed, version, monkeypatch):
    wording = "\n".join(f"{number}. 中性粒细胞计数 ≥ 1.5×10⁹/L；肌酐 ≤ 1.5 mg/dL，" * 3 for number in range(300))
    text = version_text(protocol_of(version))
    long = text.criteria[0]._replace(official_wording=wording)
    said = io.StringIO()
    monkeypatch.setattr(VersionPages, "text", lambda self, x, y, words: said.write(words))
    write_version(version_state(version, TODAY), VersionText((), (long,)), PRINTED)
    assert squeezed(said.getvalue()).count("中性粒细胞计数≥1.5×10⁹/L") > 850
    assert "299." in said.getvalue()
