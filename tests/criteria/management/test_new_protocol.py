from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from criteria.definition.reader import check_definition
from tests.criteria.definition.test_registry_record import RECORD


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("new_protocol", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_skeleton_is_written_and_sound():
    assert check_definition(run()[0]).findings == ()


def test_file_is_written_once_and_never_over_another(tmp_path):
    path = tmp_path / "trial.yaml"
    assert run(path)[0] == f"{path}: written; check it with `manage.py check_protocol`\n"
    assert path.read_text(encoding="utf-8") == run()[0]
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="exists already"):
        run(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_record_is_the_beginning_of_the_file(tmp_path):
    record, path = tmp_path / "record.txt", tmp_path / "trial.yaml"
    record.write_text(RECORD, encoding="utf-8")
    assert "written, 5 statements as comments;" in run(path, "--from-record", record)[0]
    assert check_definition(path.read_text(encoding="utf-8")).data["trial"]["code"] == "NCT01234567"


def test_record_without_criteria_is_told_and_one_that_is_not_there_is_an_error(tmp_path):
    record = tmp_path / "record.txt"
    record.write_text("nothing", encoding="utf-8")
    assert "no list of inclusion or exclusion criteria" in run("--from-record", record)[1]
    with pytest.raises(CommandError, match="nowhere"):
        run("--from-record", tmp_path / "nowhere.txt")


def test_file_that_extends_libraries_is_sound_and_names_their_criteria():
    text = run("--extends", "oncology", "cardiology", "--")[0]
    checked = check_definition(text)
    assert checked.findings == ()
    assert [each["code"] for each in checked.data["criteria"]] == ["ADULT"]
    everything = text.replace("#  - like", "  - like").replace("  - like: LVEFMAX", "#")
    assert check_definition(everything).errors == ()
    assert "like: ECOG      # inclusion: ECOG performance status" in text


def test_library_and_record_exclude_each_other(tmp_path):
    with pytest.raises(CommandError, match="exclude each other"):
        run("--from-record", tmp_path / "record.txt", "--extends", "common")
