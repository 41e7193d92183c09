"""Make the bytes of an Office file depend on its content alone: no clock in them."""

import io
import re
import zipfile
from datetime import UTC, datetime

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def with_one_date(package: bytes, made_at: str) -> bytes:
    """Return the same Office file with one date throughout, also in the workbooks in it.

    Parameters
    ----------
    package : bytes
        A .pptx or .xlsx.
    made_at : str
        ISO 8601; ``""`` leaves the files' earliest date.
    """
    when = datetime.fromisoformat(made_at) if made_at else datetime(*_EPOCH)
    if when.tzinfo is not None:
        when = when.astimezone(UTC)
    stamp = rb"\g<1>" + when.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith(".xlsx"):
                data = with_one_date(data, made_at)
            elif name == "docProps/core.xml":
                data = _STAMP.sub(stamp, data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, data)
    return out.getvalue()
