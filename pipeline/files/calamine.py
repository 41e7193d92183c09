"""Keep a reader's panic from being a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_panic() -> Iterator[None]:
    """Turn a panic of the spreadsheet reader, which is no Exception, into its own error.

    Raises
    ------
    CalamineError
        In place of a ``PanicException``.
    """
    from python_calamine import CalamineError

    try:
        yield
    except BaseException as err:
        if type(err).__name__ != "PanicException":
            raise
        raise CalamineError("the reader gave the file up") from None
