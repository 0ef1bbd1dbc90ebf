from io import StringIO

from criteria.management import progress
from criteria.management.progress import Progress


class Terminal(StringIO):
    def isatty(self):
        return True


def test_nothing_is_shown_where_there_is_no_terminal():
    stream = StringIO()
    found = Progress(stream, "documents")
    found.count()
    found.finish()
    assert stream.getvalue() == ""


def test_how_many_are_done_is_written_over_itself_on_a_terminal(monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0)
    stream = Terminal()
    found = Progress(stream, "documents")
    for _ in range(1200):
        found.count()
    found.finish()
    lines = stream.getvalue().split("\r")
    assert len(lines) == 1202
    assert lines[-1].startswith("1,200 documents, ")
    assert lines[-1].endswith(" a second\n")
