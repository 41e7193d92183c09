"""Make the few elements of a slide's XML that python-pptx has no call for."""

from typing import Any


def element(tag: str, **attributes: str) -> Any:
    """Return a new element, its tag with prefix, such as ``a:ln``."""
    from pptx.oxml.xmlchemy import OxmlElement

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(name, value)
    return made


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """Return a new element that is the last child of another."""
    made = element(tag, **attributes)
    parent.append(made)
    return made
