"""What a page holds that the content security policy is about."""

from html.parser import HTMLParser


class Guarded(HTMLParser):
    """The nonces of scripts and stylesheets, and everything that stands inline and would not be let through."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.nonces: list[str | None] = []
        self.inline: list[str] = []
        self.in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.in_script = tag == "script"
        if tag == "script" or (tag == "link" and found.get("rel") == "stylesheet"):
            self.nonces.append(found.get("nonce"))
        self.inline += [f"<{tag} {name}>" for name in found if name == "style" or name.startswith("on")]
        self.inline += [f"<{tag} {name}={value}>" for name, value in attrs if (value or "").startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.inline.append(data)
