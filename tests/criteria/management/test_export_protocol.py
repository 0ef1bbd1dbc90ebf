import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from criteria.standards import standard_text
from criteria.versions.versions import edition_of, load_definition
from tests.criteria.definition.test_reader import SMALL


def run(*arguments):
    out = StringIO()
    call_command("export_protocol", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def small_file(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_file_is_exported_without_a_database(small_file):
    assert json.loads(run("--format", "usdm", "--definition", small_file))["study"]["name"] == "T1"
    assert json.loads(run("--format", "fhir", "--definition", small_file))["resourceType"] == "EvidenceVariable"


def test_file_that_cannot_be_read_or_is_faulty_is_an_error(small_file, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("--format", "usdm", "--definition", tmp_path / "nothing.yaml")
    small_file.write_text("trial: {}", encoding="utf-8")
    with pytest.raises(CommandError, match="criteria: is missing"):
        run("--format", "usdm", "--definition", small_file)


@pytest.mark.django_db
def test_version_of_the_database_is_chosen_by_its_number_or_by_the_day():
    with pytest.raises(CommandError, match="no trial in the database"):
        run("--format", "usdm")
    version, _new = load_definition(SMALL)
    text = standard_text(edition_of(version), "usdm")
    assert run("--format", "usdm") == run("--format", "usdm", "--trial", "T1", "--number", "1") == text
    with pytest.raises(CommandError, match="T1 2"):
        run("--format", "usdm", "--number", "2")
    with pytest.raises(CommandError, match="no trial T2"):
        run("--format", "usdm", "--trial", "T2")
