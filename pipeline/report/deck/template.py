"""Open the template of a deck: the plain one made here, or the user's own .pptx or .potx."""

import io
import zipfile
from typing import Any

from pipeline.errors import ConfigError
from pipeline.report.deck import palette
from pipeline.report.deck.fit import Box
from pipeline.report.deck.xml import child, element

_TEMPLATE_TYPE = "presentationml.template.main+xml"
_DECK_TYPE = "presentationml.presentation.main+xml"
_WIDE = (960.0, 540.0)
_MARGIN = 48.0
_TITLE_INSET = 7.2
"""Space between the edge of a title's box and its text, in points."""
_THEME = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLOURS = {
    "dk1": palette.INK,
    "lt1": "ffffff",
    "dk2": palette.ACCENT,
    "lt2": palette.PAPER,
    "accent1": palette.ACCENT,
    "accent2": palette.MARK,
    "accent3": palette.PAST,
    "accent4": palette.VALENCE["positiivinen"],
    "accent5": palette.GOOD,
    "accent6": palette.PROPOSAL,
    "hlink": palette.ACCENT,
    "folHlink": palette.PAST,
}
_FONT = "Arial"
_FOOT = 0.85
"""Share of a slide's height below which a layout's placeholders are its foot."""


def open_template(template: bytes | None) -> Any:
    """Return an empty presentation with the template's masters, layouts, theme and size.

    Parameters
    ----------
    template : bytes or None
        A .pptx or .potx; None for the plain one. Slides in it are left out.

    Raises
    ------
    ConfigError
        When it is no presentation, or has no layout with a title.
    """
    from pptx import Presentation

    if template is None:
        return _plain()
    try:
        deck = Presentation(io.BytesIO(_as_deck(template)))
    except (KeyError, ValueError, zipfile.BadZipFile) as err:
        raise ConfigError(
            "report.template must be a PowerPoint file (.pptx or .potx). Got something else. "
            "Save it again in PowerPoint."
        ) from err
    _drop_slides(deck)
    title_layout(deck)
    return deck


def title_layout(deck: Any) -> Any:
    """Return the layout of the ordinary slides: a title and as little else as possible.

    Raises
    ------
    ConfigError
        When no layout has a title.
    """
    found = [layout for layout in deck.slide_layouts if _title(layout) is not None]
    if not found:
        raise ConfigError(
            "report.template must have a slide layout with a title. Got none. "
            "Add a layout 'Title Only' in PowerPoint."
        )
    return min(found, key=lambda layout: (_is_low(deck, layout), len(_bodies(layout))))


def cover_layout(deck: Any) -> Any:
    """Return the layout of the first slide: title and subtitle, or the ordinary one."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    for layout in deck.slide_layouts:
        kinds = {one.placeholder_format.type for one in layout.placeholders}
        if PP_PLACEHOLDER.SUBTITLE in kinds and _title(layout) is not None:
            return layout
    return title_layout(deck)


def content_box(deck: Any, layout: Any) -> Box:
    """Return where content may stand: under the title and above the foot, in points."""
    wide, tall = deck.slide_width.pt, deck.slide_height.pt
    title = _title(layout)
    left = min(max(title.left.pt, wide * 0.03), wide * 0.12) + _TITLE_INSET
    top = title.top.pt + title.height.pt + 10
    if top > tall * 0.4:
        top = tall * 0.22
    feet = [one.top.pt for one in layout.placeholders if one.top.pt > tall * _FOOT]
    bottom = min([tall - 24.0, *(foot - 6 for foot in feet)])
    return Box(left, top, wide - 2 * left, bottom - top)


def _title(layout: Any) -> Any:
    """Return the layout's title placeholder, or None."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    titles = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    for one in layout.placeholders:
        if one.placeholder_format.type in titles:
            return one
    return None


def _is_low(deck: Any, layout: Any) -> bool:
    """Tell whether the title stands in the lower half, or takes most of the slide."""
    title = _title(layout)
    return bool(title.top.pt + title.height.pt > deck.slide_height.pt * 0.4)


def _bodies(layout: Any) -> list[Any]:
    """Return the placeholders that are neither title nor foot."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    quiet = (
        PP_PLACEHOLDER.TITLE,
        PP_PLACEHOLDER.CENTER_TITLE,
        PP_PLACEHOLDER.DATE,
        PP_PLACEHOLDER.FOOTER,
        PP_PLACEHOLDER.SLIDE_NUMBER,
    )
    return [one for one in layout.placeholders if one.placeholder_format.type not in quiet]


def _as_deck(template: bytes) -> bytes:
    """Return a .potx as a .pptx: the two differ by one content type."""
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        types = package.read("[Content_Types].xml").decode("utf-8")
        if _TEMPLATE_TYPE not in types:
            return template
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in package.namelist():
                data = package.read(name)
                if name == "[Content_Types].xml":
                    data = types.replace(_TEMPLATE_TYPE, _DECK_TYPE).encode("utf-8")
                copy.writestr(name, data)
    return out.getvalue()


def _drop_slides(deck: Any) -> None:
    """Take every slide out."""
    ids = deck.slides._sldIdLst
    for one in list(ids):
        deck.part.drop_rel(one.rId)
        ids.remove(one)


def _plain() -> Any:
    """Make the plain template: wide, with the page's colours and a face every machine has."""
    from pptx import Presentation
    from pptx.util import Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(_WIDE[0]), Pt(_WIDE[1])
    old = 720.0
    for layout in (deck.slide_master, *deck.slide_layouts):
        for one in layout.placeholders:
            if one._element.spPr.xfrm is not None:
                one.left, one.width = (Pt(v.pt * _WIDE[0] / old) for v in (one.left, one.width))
    _lay_out_titles(deck)
    _set_theme(deck)
    return deck


def _lay_out_titles(deck: Any) -> None:
    """Put titles at the top left, small enough to leave room."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cover = cover_layout(deck)
    for layout in (deck.slide_master, *deck.slide_layouts):
        title = _title(layout)
        if title is None:
            continue
        title.left, title.top = Pt(_MARGIN), Pt(26)
        title.width, title.height = Pt(_WIDE[0] - 2 * _MARGIN), Pt(52)
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    title = _title(cover)
    title.top, title.height = Pt(150), Pt(110)
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    subtitle = _bodies(cover)[0]
    subtitle.left, subtitle.top = Pt(_MARGIN), Pt(272)
    subtitle.width, subtitle.height = Pt(_WIDE[0] - 2 * _MARGIN), Pt(120)
    for style in deck.slide_master._element.iter(f"{{{_NS_P}}}titleStyle"):
        style[0].set("algn", "l")
        for colour in style.iter(f"{{{_THEME}}}schemeClr"):
            colour.set("val", "tx2")
    for level in subtitle._element.iter(f"{{{_THEME}}}lvl1pPr"):
        level.set("algn", PP_ALIGN.to_xml(PP_ALIGN.LEFT))
    _colour_cover(cover, (title, subtitle))


def _colour_cover(cover: Any, holders: tuple[Any, ...]) -> None:
    """Set the first slide in white on the theme's first accent."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.oxml.ns import qn

    cover.background.fill.solid()
    cover.background.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    for holder in holders:
        styles = holder._element.txBody.find(qn("a:lstStyle"))
        level = styles.find(qn("a:lvl1pPr"))
        if level is None:
            level = child(styles, "a:lvl1pPr")
        face = level.find(qn("a:defRPr"))
        if face is None:
            face = child(level, "a:defRPr")
        for old in face.findall(qn("a:solidFill")):
            face.remove(old)
        fill = element("a:solidFill")
        child(fill, "a:schemeClr", val="bg1")
        face.insert(0, fill)


_NS_P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def _set_theme(deck: Any) -> None:
    """Write the colours and the face into the theme, where a chart takes them from."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.oxml import serialize_part_xml
    from pptx.oxml import parse_xml

    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = parse_xml(part.blob)
    for name, colour in _COLOURS.items():
        for slot in root.iter(f"{{{_THEME}}}{name}"):
            for old in list(slot):
                slot.remove(old)
            child(slot, "a:srgbClr", val=colour)
    for kind in ("majorFont", "minorFont"):
        for font in root.iter(f"{{{_THEME}}}{kind}"):
            font.find(f"{{{_THEME}}}latin").set("typeface", _FONT)
    part._blob = serialize_part_xml(root)
