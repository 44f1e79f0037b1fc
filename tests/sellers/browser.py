"""Reads forms as a browser without script does."""

from html.parser import HTMLParser

from django.test import Client


class Fields(HTMLParser):
    """Reads the fields of a page's forms as a browser without script would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            self.names.add(name)
            if found.get("type") not in {"radio", "checkbox"} or "checked" in found:
                self.values[name] = found.get("value", "on" if found.get("type") == "checkbox" else "")
        elif tag == "select":
            self._select = name
            self.names.add(name)
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.values):
            self.values[self._select] = found.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.names.add(name)
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def fields(client: Client, path: str) -> dict[str, str]:
    """What a browser would send from the page's forms, unchanged."""
    return Fields(client.get(path).content.decode()).values
