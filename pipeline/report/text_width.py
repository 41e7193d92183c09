"""The width of a line of text, for slides and the tables of Word texts.

What is made is opened on machines with other fonts than the one that made it, so no font file is
asked: the widths are those of Helvetica and Arial, with a margin for wider faces.
"""

_MARGIN = 1.06
_BOLD = 1.08
_ROWS_OF_WIDTHS = {
    222: "ijl'",
    278: " \N{NO-BREAK SPACE}!,./:;I[\\]ft",
    333: '()-`r”“"',
    500: "Jckstvxyz",
    556: "#$0123456789?L_abdeghnopquäöåé–»«",
    584: "+<=>~×",
    611: "FTZ",
    667: "&ABEKPSVXYÄÅ",
    722: "CDHNRUw",
    778: "GOQÖ",
    833: "Mm",
    944: "W%",
    1000: "—@…",
}
_WIDTHS = {sign: width for width, signs in _ROWS_OF_WIDTHS.items() for sign in signs}
_OTHER = 760


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return the width of one line of text, in points, not less than it will be.

    Examples
    --------
    >>> text_width("iii", 10) < text_width("mmm", 10) < text_width("mmm", 10, is_bold=True)
    True
    """
    units = sum(_WIDTHS.get(sign, _OTHER) for sign in text)
    return units / 1000 * size * _MARGIN * (_BOLD if is_bold else 1.0)
