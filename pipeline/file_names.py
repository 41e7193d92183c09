"""Names of files that another system wrote in another encoding than UTF-8."""


def readable_name(name: str) -> str:
    r"""Return a file's name in letters that can be written and shown.

    A zip made in Windows, or an old disk, gives names whose bytes are no UTF-8. Python keeps such
    bytes in a form that no table, message or manifest can hold; they are read as Windows-1252.

    Examples
    --------
    >>> readable_name("L\udce4hetetyt.csv"), readable_name("Lähetetyt.csv")
    ('Lähetetyt.csv', 'Lähetetyt.csv')
    """
    data = name.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
