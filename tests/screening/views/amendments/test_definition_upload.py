"""What a definition file must be before it is read as one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError
from hypothesis import given, strategies as st

from screening.views.amendments.definition_upload import MAX_UPLOAD_BYTES, uploaded_text


def sent(content=b"a: 1\n", name="new.yaml", kind="application/yaml"):
    return SimpleUploadedFile(name, content, kind)


@pytest.mark.parametrize("name", ["new.yaml", "new.yml", "NEW.YAML", "2.0 final.yml"])
@pytest.mark.parametrize("kind", ["application/yaml", "application/octet-stream", "text/x-yaml", "TEXT/PLAIN", ""])
def test_file_is_read_when_name_and_type_are_those_of_yaml(name, kind):
    assert uploaded_text(sent(name=name, kind=kind)) == "a: 1\n"


def test_mark_at_the_beginning_is_no_part_of_the_text():
    assert uploaded_text(sent(b"\xef\xbb\xbfa: 1\n")) == "a: 1\n"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "new.yaml.exe"}, r"new\.yaml\.exe is no YAML file: its name must end in \.yaml or \.yml"),
        ({"name": "yaml"}, "must end in"),
        ({"kind": "application/pdf"}, "was sent as application/pdf"),
        ({"kind": "text/html"}, "was sent as text/html"),
        ({"content": b"PK\x03\x04\x14\x00"}, "is a ZIP archive"),
        ({"content": b"%PDF-1.7\n"}, "is a PDF"),
        ({"content": b"<!doctype html><p>a: 1"}, "is a page of HTML"),
        ({"content": b"\xef\xbb\xbf\n <?xml version='1.0'?>"}, "is a page of HTML or XML"),
        ({"content": b"\x89PNG\r\n\x1a\n"}, "is not text in UTF-8"),
        ({"content": "a: größe".encode("latin-1")}, "is not text in UTF-8"),
        ({"content": b"a: 1\0"}, "holds a NUL character"),
    ],
)
def test_file_is_refused_in_words_when_it_is_something_else(wrong, words):
    with pytest.raises(ValidationError, match=words):
        uploaded_text(sent(**wrong))


def test_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    file = sent(b"x" * (MAX_UPLOAD_BYTES + 1))
    monkeypatch.setattr(file, "file", None)
    with pytest.raises(ValidationError, match="holds 524289 bytes, and at most 524288"):
        uploaded_text(file)


@given(st.binary(max_size=60))
def test_content_comes_out_as_it_was_sent_or_is_refused(content):
    try:
        text = uploaded_text(sent(content))
    except ValidationError:
        return
    assert text.encode() == content.removeprefix(b"\xef\xbb\xbf")
    assert "\0" not in text
