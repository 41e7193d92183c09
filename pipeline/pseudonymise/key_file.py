"""Keep the key from stand-ins to originals in one encrypted file, outside the study.

Format, version 1: the magic bytes ``HVKEY``, a version byte, log2 of scrypt's cost n, its r and p
(one byte each), 16 bytes of salt, 12 bytes of nonce; then AES-256-GCM over the key table as UTF-8
JSON records, with all bytes before the ciphertext as associated data. The key is derived from the
pass phrase with scrypt (RFC 7914).
"""

import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.errors import ConfigError, InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"HVKEY"
_VERSION = 1
_LOG2_N, _R, _P = 16, 8, 1
_MAX_LOG2_N = 22
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_HEADER_BYTES = len(_MAGIC) + 4 + _SALT_BYTES + _NONCE_BYTES
MIN_PASSPHRASE_CHARS = 12
_OWNER_ONLY = 0o600


def write_key_file(path: Path, key: pd.DataFrame, passphrase: str, *, study: Path) -> None:
    """Write the key table, encrypted; the file is readable by its owner only.

    Parameters
    ----------
    path : Path
        Must lie outside the study; a file there is replaced.
    key : DataFrame
        From :func:`pipeline.pseudonymise.pseudonymise.key_table`.
    passphrase : str
        At least 12 characters. Without it nobody can read the file again.
    study : Path
        The study's folder.

    Raises
    ------
    ConfigError
        When the path will not do or the pass phrase is too short.
    """
    check_key_path(path, study)
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise ConfigError(
            "The pass phrase must have at least {min_passphrase_chars} characters. Got "
            "{n_passphrase}.",
            min_passphrase_chars=MIN_PASSPHRASE_CHARS,
            n_passphrase=len(passphrase),
        )
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    header = _MAGIC + bytes([_VERSION, _LOG2_N, _R, _P]) + salt + nonce
    rows = json.dumps(key.to_dict(orient="split", index=False), ensure_ascii=False).encode()
    sealed = _cipher(header, passphrase).encrypt(nonce, rows, header)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as out:
        out.write(header + sealed)
    part.replace(path)


def check_key_path(path: Path, study: Path) -> None:
    """Check where a key file is to be written, before anyone is asked for a pass phrase.

    Raises
    ------
    ConfigError
        When the path lies inside the study or its folder does not exist.
    """
    if path.resolve().is_relative_to(study.resolve()):
        raise ConfigError(
            "The key file must lie outside the study {study}. Got {path}. Choose another folder.",
            study=study,
            path=path,
        )
    if not path.parent.is_dir() or path.is_dir():
        raise ConfigError(
            "The key file must be a new file in a folder that exists. Got {path}.", path=path
        )


def read_key_file(path: Path, passphrase: str) -> pd.DataFrame:
    """Read a key file back.

    Parameters
    ----------
    path : Path
    passphrase : str

    Returns
    -------
    DataFrame
        As it was written.

    Raises
    ------
    InputError
        When the file is missing, is no key file, was altered, or the pass phrase is wrong.
    """
    from cryptography.exceptions import InvalidTag

    if not path.is_file():
        raise InputError("There is no key file {path}. Give the path it was written to.", path=path)
    content = path.read_bytes()
    header, sealed = content[:_HEADER_BYTES], content[_HEADER_BYTES:]
    if not _is_known(header):
        raise InputError(
            "{path} is not a key file of version {version}.", path=path, version=_VERSION
        )
    try:
        rows = _cipher(header, passphrase).decrypt(header[-_NONCE_BYTES:], sealed, header)
    except InvalidTag as err:
        raise InputError("{path} was altered, or the pass phrase is wrong.", path=path) from err
    table = json.loads(rows)
    return pd.DataFrame(table["data"], columns=table["columns"])


def _is_known(header: bytes) -> bool:
    """Tell whether a header is one of this version, at a cost this machine can pay."""
    mark = _MAGIC + bytes([_VERSION])
    if len(header) < _HEADER_BYTES or not header.startswith(mark):
        return False
    log2_n, r, p = header[len(mark) : len(mark) + 3]
    return 1 <= log2_n <= _MAX_LOG2_N and (r, p) == (_R, _P)


def _cipher(header: bytes, passphrase: str) -> "AESGCM":
    """Derive the key by the header's own numbers."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    log2_n, r, p = header[len(_MAGIC) + 1 : len(_MAGIC) + 4]
    salt = header[-_SALT_BYTES - _NONCE_BYTES : -_NONCE_BYTES]
    kdf = Scrypt(salt=salt, length=_KEY_BYTES, n=1 << log2_n, r=r, p=p)
    return AESGCM(kdf.derive(passphrase.encode()))
