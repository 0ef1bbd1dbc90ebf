"""The only file that users upload: its size, name, type and content, checked before it is parsed."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.forms import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from criteria.definition.yaml_tree import MOST_BYTES

MAX_UPLOAD_BYTES = MOST_BYTES  # what is longer, the reader would refuse
FILE_ENDINGS = (".yaml", ".yml")
CONTENT_TYPES = {
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml",
    "text/vnd.yaml",
    "text/plain",
    "application/octet-stream",  # from a browser that does not know the ending, as many do not
    "",
}
OTHER_FILE_KINDS = (  # how the content begins
    (b"PK\x03\x04", gettext_lazy("a ZIP archive or an office document")),
    (b"%PDF-", gettext_lazy("a PDF")),
    (b"<", gettext_lazy("a page of HTML or XML")),
)


def uploaded_text(file: UploadedFile) -> str:
    """Return the text of the file, or raise ValidationError with the reason why it is refused.

    A file that is too large is not read at all.
    """
    refuse_size(file)
    refuse_name_and_type(file)
    content = file.read()
    refuse_other_kind(file, content)
    return decode_content(file, content)


def refuse_size(file: UploadedFile) -> None:
    size = file.size or 0
    if size > MAX_UPLOAD_BYTES:
        words = {"name": file.name, "size": size, "most": MAX_UPLOAD_BYTES}
        raise ValidationError(_("%(name)s holds %(size)s bytes, and at most %(most)s (512 kB) are taken.") % words)


def refuse_name_and_type(file: UploadedFile) -> None:
    words = {"name": file.name, "type": file.content_type}
    if not (file.name or "").lower().endswith(FILE_ENDINGS):
        raise ValidationError(_("%(name)s is no YAML file: its name must end in .yaml or .yml.") % words)
    if (file.content_type or "").lower() not in CONTENT_TYPES:
        raise ValidationError(_("%(name)s was sent as %(type)s and not as YAML.") % words)


def refuse_other_kind(file: UploadedFile, content: bytes) -> None:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    for beginning, kind in OTHER_FILE_KINDS:
        if start.startswith(beginning):
            raise ValidationError(_("%(name)s is %(kind)s, and not YAML.") % {"name": file.name, "kind": kind})


def decode_content(file: UploadedFile, content: bytes) -> str:
    if b"\0" in content:
        raise ValidationError(_("%(name)s is not text: it holds a NUL character.") % {"name": file.name})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(_("%(name)s is not text in UTF-8.") % {"name": file.name}) from None
