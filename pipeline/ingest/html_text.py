"""Turn the HTML that some forms put into cells into the text a reader would see."""

import html
import re
from html.parser import HTMLParser

_NAMES = (
    "a abbr b blockquote body br center code div em font h1 h2 h3 h4 h5 h6 head hr html i img li "
    "link meta ol p pre s script small span strike strong style sub sup table tbody td th thead "
    "title tr u ul"
)
_ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)"""
_TAG = re.compile(rf"</?(?:{'|'.join(_NAMES.split())})(?:{_ATTRIBUTE})*\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});")
_BLOCKS = frozenset(
    "blockquote br center div h1 h2 h3 h4 h5 h6 hr li ol p pre table td th tr ul".split()
)
_SINGLE = frozenset(("br", "hr"))
_UNSEEN = frozenset(("script", "style", "head", "title"))


def plain(text: str) -> str:
    r"""Return a cell's text without markup; text that has none is left as it is.

    Tags go, blocks become lines, entities become letters, and the address of a link stays behind
    its words. What only looks like a tag ("alle <3 viikkoa") stays.

    Examples
    --------
    >>> plain("<p>Vuokra nousi &amp; perhe l&auml;hti.<br/>Ks. <a href='https://x.fi'>ohje</a>.</p>")
    'Vuokra nousi & perhe lähti.\nKs. ohje (https://x.fi).'
    >>> plain("Jonotus on <3 viikkoa & lyhenee"), plain("Äiti &quot;ei jaksa&quot;")
    ('Jonotus on <3 viikkoa & lyhenee', 'Äiti "ei jaksa"')
    """
    if not _TAG.search(text):
        return _decoded(text) if _ENTITY.search(text) else text
    reader = _Reader()
    reader.feed(_shielded(text))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decoded(text: str) -> str:
    """Return a text with its entities as letters; a hard space becomes a space."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text).replace("\xa0", " ")


def _shielded(text: str) -> str:
    """Return a text whose angle brackets outside known tags are entities."""
    made, at = [], 0
    for match in _TAG.finditer(text):
        made += [text[at : match.start()].replace("<", "&lt;"), match[0]]
        at = match.end()
    return "".join([*made, text[at:].replace("<", "&lt;")])


class _Reader(HTMLParser):
    """Gathers what is seen of a text with markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._n_unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, remember a link's address, or hide what follows."""
        if tag in _UNSEEN:
            self._n_unseen += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        """End a line, write a link's address, or show again what follows."""
        if tag in _UNSEEN:
            self._n_unseen = max(0, self._n_unseen - 1)
        elif tag in _BLOCKS - _SINGLE:
            self.parts.append("\n")
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            address = address.removeprefix("mailto:").removeprefix("tel:")
            if address and address not in "".join(self.parts[start:]):
                self.parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        """Keep a text that is seen; its own line ends are spaces in HTML."""
        if not self._n_unseen:
            self.parts.append(data.replace("\xa0", " ").replace("\n", " "))
