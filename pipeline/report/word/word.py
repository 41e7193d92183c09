"""Write a document as .docx with native headings, lists and tables."""

import io
import re
import zipfile
from typing import Any

from pipeline.errors import ConfigError
from pipeline.report.audiences import Document, Line, Part, TextTable
from pipeline.report.one_date import with_one_date
from pipeline.report.text_width import text_width

_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"
_PAGE_MM = (210, 297)
_MARGINS_MM = (18, 20)
"""Above and below, and at the sides."""
_FONT = "Arial"
_SIZES = {
    "Normal": 10.0, "List Bullet": 10.0, "Quote": 9.5, "Subtitle": 11.0,
    "Title": 20.0, "Heading 1": 13.0, "Heading 2": 11.0,
}  # fmt: skip
"""Sizes of the plain document's styles, in points."""
_TABLE_SIZE = 9.0
_CELL_INSET = 13.0
"""Left and right inset of a cell together with the line, in points."""
_WIDER = 1.15
"""How much wider a face may be that stands in for the one asked for."""
_QUOTE_INDENT = 18.0
"""Left indent of a quotation under an item of a list, in points."""
_LEAST_NAMES = 0.3
"""Least share of a table's width that its first column keeps, which holds names."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]+")


def render_word(held: Document, template: bytes | None = None) -> bytes:
    """Write a document for Word.

    Parameters
    ----------
    held : Document
    template : bytes or None, default=None
        The user's .docx or .dotx; its styles, page and headers stand, its text goes.

    Returns
    -------
    bytes
        The same document and template give the same bytes.

    Raises
    ------
    ConfigError
        When the template is no Word file.
    """
    made = _opened(template)
    styled = _Styled(made)
    styled.add(held.title, "Title")
    for text in filter(None, (held.organisation, *held.lead)):
        styled.add(text, "Subtitle")
    for part in held.parts:
        _add_part(made, styled, part)
    properties = made.core_properties
    properties.title, properties.author = _clean(held.title), _clean(held.organisation)
    properties.language, properties.comments = held.language, ""
    properties.last_modified_by, properties.keywords = "", ""
    properties.subject, properties.category, properties.revision = "", "", 1
    buffer = io.BytesIO()
    made.save(buffer)
    return with_one_date(buffer.getvalue(), held.made_at_iso)


def _clean(text: str) -> str:
    """Return a text without signs that XML cannot hold."""
    return _CONTROL.sub(" ", text)


def _opened(template: bytes | None) -> Any:
    """Return an empty document with the template's styles."""
    from docx import Document as open_document

    if template is None:
        made = _plain()
    else:
        try:
            made = open_document(io.BytesIO(_as_document(template)))
        except (KeyError, ValueError, zipfile.BadZipFile) as err:
            raise ConfigError(
                "report.word_template must be a Word file (.docx or .dotx). Got something else. "
                "Save it again in Word."
            ) from err
    _drop(made.part.package.rels, "/thumbnail")
    body = made.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
    return made


def _drop(rels: Any, kind: str) -> None:
    """Leave a part out of the file: a picture of another document, styles of an old Word."""
    for key in [key for key, rel in rels.items() if rel.reltype.endswith(kind)]:
        del rels[key]


def _plain() -> Any:
    """Return the document used without a template: A4, one face, tight enough for two pages."""
    from docx import Document as open_document
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    made = open_document()
    _drop(made.part.rels, "/stylesWithEffects")
    for name, size in _SIZES.items():
        style = _style(made, name)
        style.font.name, style.font.size = _FONT, Pt(size)
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(faces.attrib):
            del faces.attrib[key]
        for key in ("ascii", "hAnsi", "cs", "eastAsia"):
            faces.set(qn(f"w:{key}"), _FONT)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.0
        if name.startswith("Heading"):
            style.paragraph_format.space_before = Pt(10 if name == "Heading 1" else 7)
    page = made.sections[0]
    page.page_width, page.page_height = (Mm(side) for side in _PAGE_MM)
    page.top_margin = page.bottom_margin = Mm(_MARGINS_MM[0])
    page.left_margin = page.right_margin = Mm(_MARGINS_MM[1])
    return made


def _as_document(template: bytes) -> bytes:
    """Return a template as a document: both differ in the type of their main part alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "[Content_Types].xml":
                data = data.replace(_TEMPLATE_TYPE, _DOCUMENT_TYPE)
            new.writestr(entry, data)
    return out.getvalue()


def _style(made: Any, name: str, *, is_table: bool = False) -> Any:
    """Return one of Word's own styles, made where the template has not used it yet."""
    from docx.enum.style import WD_STYLE_TYPE

    if name not in made.styles:
        kind = WD_STYLE_TYPE.TABLE if is_table else WD_STYLE_TYPE.PARAGRAPH
        made.styles.add_style(name, kind, builtin=True)
    return made.styles[name]


class _Styled:
    """Adds paragraphs in Word's own styles, each looked for once among the document's 160."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._ids: dict[str, str | None] = {}

    def add(self, text: str, style: str) -> Any:
        """Add a paragraph at the end."""
        from docx.enum.style import WD_STYLE_TYPE

        if style not in self._ids:
            found = _style(self._made, style)
            self._ids[style] = self._made.part.get_style_id(found, WD_STYLE_TYPE.PARAGRAPH)
        added = self._made.add_paragraph(_clean(text))
        added._p.style = self._ids[style]
        return added


def _add_part(made: Any, styled: _Styled, part: Part) -> None:
    """Add a heading and what stands under it."""
    styled.add(part.title, f"Heading {part.level}")
    for text in part.paragraphs:
        said = made.add_paragraph(_clean(text))
        said.paragraph_format.keep_with_next = bool(part.lines)
    for line in part.lines:
        _add_line(styled, line)
    if part.table is not None:
        _add_table(made, part.table)


def _add_line(styled: _Styled, line: Line) -> None:
    """Add an item of a list and its quotation."""
    from docx.shared import Pt

    item = styled.add(line.text, "List Bullet")
    if line.quote:
        item.paragraph_format.keep_with_next = True
        quote = styled.add(line.quote, "Quote")
        quote.paragraph_format.left_indent = Pt(_QUOTE_INDENT)


def _add_table(made: Any, held: TextTable) -> None:
    """Add a table whose head is repeated on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Emu, Pt

    table = made.add_table(rows=0, cols=len(held.head))
    table.autofit = False
    page = made.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    widths = [Pt(wide) for wide in _widths(held, Emu(room).pt)]
    table.style = _style(made, "Table Grid", is_table=True)
    for number, row in enumerate((held.head, *held.rows)):
        cells = table.add_row().cells
        for place, text in enumerate(row):
            cells[place].width = widths[place]
            paragraph = cells[place].paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(_clean(text))
            run.bold, run.font.size = number == 0, Pt(_TABLE_SIZE)
            if place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, wide in zip(table.columns, widths, strict=False):
        column.width = wide
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    made.add_paragraph("")


def _widths(held: TextTable, room: float) -> list[float]:
    """Return the widths of a table's columns: a number is not broken, nor a word of the head.

    The head stands on one line where there is room. The first column takes what is left.
    """
    most = room * (1 - _LEAST_NAMES)
    wanted = _wanted(held, by_word=False)
    if sum(wanted) > most:
        wanted = _wanted(held, by_word=True)
    shrink = min(most / sum(wanted), 1.0) if wanted else 1.0
    rest = [wide * shrink for wide in wanted]
    return [room - sum(rest), *rest]


def _wanted(held: TextTable, *, by_word: bool) -> list[float]:
    """Return how wide each column after the first must be, its head whole or word by word."""
    wanted = []
    for place in range(1, len(held.head)):
        head = held.head[place]
        texts = [(word, True) for word in (head.split(" ") if by_word else [head])]
        texts += [(row[place], False) for row in held.rows]
        widest = max(text_width(one, _TABLE_SIZE, is_bold=bold) for one, bold in texts)
        wanted.append(widest * _WIDER + _CELL_INSET)
    return wanted
