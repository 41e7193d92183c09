"""Lasting GUIDs: the same thing has the same one in every export."""

import uuid


def guid(*parts: str) -> str:
    """Return the GUID of a thing named by its kind and ids.

    Examples
    --------
    >>> guid("source", "P1-001") == guid("source", "P1-001")
    True
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:havainto:" + "\0".join(parts)))


def plain_guid(text: str) -> str:
    """Return a GUID without braces and in lower case, as tools differ in both."""
    return text.strip().strip("{}").lower()
