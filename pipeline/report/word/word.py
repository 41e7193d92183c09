"""Write a document as .docx with native headings, lists and tables."""

import io
import re
import zipfile
from typing import Any

from pipeline.errors import ConfigError
from pipeline.report.audiences import Document, Line, Part, TextTable
from pipeline.report.one_date import with_one_date

_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"
_NAMES = 0.5
"""Share of a table's width that its first column takes, which holds names."""
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
    made.add_paragraph(_clean(held.title), style=_style(made, "Title"))
    for text in filter(None, (held.organisation, *held.lead)):
        made.add_paragraph(_clean(text), style=_style(made, "Subtitle"))
    for part in held.parts:
        _add_part(made, part)
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
        made = open_document()
    else:
        try:
            made = open_document(io.BytesIO(_as_document(template)))
        except (KeyError, ValueError, zipfile.BadZipFile) as err:
            raise ConfigError(
                "report.word_template must be a Word file (.docx or .dotx). Got something else. "
                "Save it again in Word."
            ) from err
    body = made.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
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


def _add_part(made: Any, part: Part) -> None:
    """Add a heading and what stands under it."""
    made.add_paragraph(_clean(part.title), style=_style(made, f"Heading {part.level}"))
    for text in part.paragraphs:
        made.add_paragraph(_clean(text))
    for line in part.lines:
        _add_line(made, line)
    if part.table is not None:
        _add_table(made, part.table)


def _add_line(made: Any, line: Line) -> None:
    """Add an item of a list and its quotation."""
    made.add_paragraph(_clean(line.text), style=_style(made, "List Bullet"))
    if line.quote:
        made.add_paragraph(_clean(line.quote), style=_style(made, "Quote"))


def _add_table(made: Any, held: TextTable) -> None:
    """Add a table whose head is repeated on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Emu

    table = made.add_table(rows=0, cols=len(held.head))
    table.autofit = False
    page = made.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    rest = max(len(held.head) - 1, 1)
    widths = [Emu(int(room * _NAMES)), *[Emu(int(room * (1 - _NAMES) / rest))] * rest]
    table.style = _style(made, "Table Grid", is_table=True)
    for number, row in enumerate((held.head, *held.rows)):
        cells = table.add_row().cells
        for place, text in enumerate(row):
            cells[place].width = widths[place]
            paragraph = cells[place].paragraphs[0]
            paragraph.add_run(_clean(text)).bold = number == 0
            if place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, wide in zip(table.columns, widths, strict=False):
        column.width = wide
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    made.add_paragraph("")
