from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from criteria.models import ProtocolVersion
from tests.conftest import PROTOCOL
from tests.criteria.definition.test_reader import SMALL


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(path):
    out, err = StringIO(), StringIO()
    call_command("load_protocol", str(path), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_it_says_what_was_loaded_and_what_was_there_already(file):
    assert run(file)[0] == "T1 1: loaded, 2 criteria\n"
    assert run(file)[0] == "T1 1: unchanged, 2 criteria\n"


@pytest.mark.django_db
def test_the_protocol_of_this_installation_can_be_loaded():
    assert run(PROTOCOL)[0] == "NCT05990231 1.5: loaded, 42 criteria\n"


@pytest.mark.django_db
def test_every_fault_of_a_broken_file_is_named_with_its_line(file):
    broken = SMALL.replace("visit.colour: red}", "visit.colour: green}").replace("{term: slow}", "{term: slwo}")
    file.write_text(broken, encoding="utf-8")
    err = StringIO()
    with pytest.raises(CommandError, match="2"):
        call_command("load_protocol", str(file), stdout=StringIO(), stderr=err)
    lines = err.getvalue().splitlines()
    assert len(lines) == 2
    assert all("(line " in line for line in lines)
    assert lines[0].startswith("criteria[0].rule.term: unknown term “slwo”")
    assert not ProtocolVersion.objects.exists()


@pytest.mark.django_db
def test_a_changed_file_is_refused_under_its_old_number(file):
    run(file)
    file.write_text(SMALL.replace("value: 100,", "value: 90,"), encoding="utf-8")
    with pytest.raises(CommandError):
        run(file)
    assert ProtocolVersion.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: [", b"", b"a: &a [*a]", b"a: \x07"])
def test_what_cannot_be_read_is_an_error_and_no_traceback(file, content):
    file.write_bytes(content)
    with pytest.raises(CommandError):
        run(file)


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_an_error_and_no_traceback(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.yaml")


@pytest.mark.django_db
def test_a_second_version_is_refused_and_led_to_an_amendment(file):
    run(file)
    changed = SMALL.replace('number: "1"', 'number: "2"').replace("value: 100,", "value: 90,")
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(CommandError, match="T1 has version 1: a changed definition comes by amendment"):
        run(file)
    assert [version.number for version in ProtocolVersion.objects.all()] == ["1"]


@pytest.mark.django_db
def test_only_a_trial_s_first_version_is_loaded_when_asked_for_the_first(file):
    call_command("load_protocol", str(file), "--first", stdout=StringIO())
    file.write_text(SMALL.replace('number: "1"', 'number: "2"'), encoding="utf-8")
    out = StringIO()
    call_command("load_protocol", str(file), "--first", stdout=out)
    assert out.getvalue() == "T1 1: unchanged, 2 criteria\n"
