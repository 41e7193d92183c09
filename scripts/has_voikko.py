"""Exit 0 when libvoikko and its Finnish dictionary are on this machine; needs no packages."""

import ctypes
import ctypes.util
import sys


def has_voikko() -> bool:
    """Open Voikko for Finnish through its C interface."""
    for name in ("libvoikko.so.1", "libvoikko.1.dylib", ctypes.util.find_library("voikko")):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.voikkoInit.argtypes = [
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_char_p,
            ctypes.c_char_p,
        ]
        library.voikkoInit.restype = ctypes.c_void_p
        error = ctypes.c_char_p()
        return library.voikkoInit(ctypes.byref(error), b"fi", None) is not None
    return False


if __name__ == "__main__":
    sys.exit(0 if has_voikko() else 1)
