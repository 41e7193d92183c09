"""Run a command with every call for a network socket refused and counted (Linux).

    python tests/socket_calls.py COMMAND...

A seccomp filter, which the command's own children inherit, hands each ``socket`` call of another
family than AF_UNIX to this process, which refuses it. So the calls of compiled libraries are seen
too, which Python's audit events do not show. Prints ``network sockets asked for: N`` as the last
line on standard error, and ends as the command does.
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import sys
from typing import NoReturn

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP_CALL = {"x86_64": 317, "aarch64": 277}
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
_NO_NEW_PRIVILEGES = 38
_SET_MODE_FILTER = 1
_NEW_LISTENER = 8
_ASK = 0x7FC00000
_ALLOW = 0x7FFF0000
_RECEIVE = 0xC0502100
_SEND = 0xC0182101
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06


def _filter(machine: str) -> bytes:
    """Return the filter's program: ask about ``socket`` of other families than AF_UNIX."""
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 0, 4, _AUDIT_ARCH[machine]),
        (_LOAD, 0, 0, 0),  # the system call
        (_EQUAL, 0, 2, _SOCKET_CALL[machine]),
        (_LOAD, 0, 0, 16),  # its first argument, the family
        (_EQUAL, 0, 1, int(socket.AF_UNIX)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ASK),
    ]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def install() -> int:
    """Put the filter on this process and return the descriptor that is asked."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")
    program = ctypes.create_string_buffer(_filter(platform.machine()))
    described = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(program))
    listener = libc.syscall(
        _SECCOMP_CALL[platform.machine()], _SET_MODE_FILTER, _NEW_LISTENER, described
    )
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)


def count_refused(listener: int) -> int:
    """Refuse and count until the last process under the filter has ended."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    refused = 0
    while True:
        ((_, event),) = poll.poll()
        if not event & select.POLLIN:
            return refused
        asked = bytearray(80)
        try:
            fcntl.ioctl(listener, _RECEIVE, asked)
        except OSError as err:
            if err.errno == errno.ENOENT:
                continue
            raise
        refused += 1
        (number,) = struct.unpack_from("<Q", asked)
        try:
            fcntl.ioctl(listener, _SEND, struct.pack("<QqiI", number, 0, -errno.EACCES, 0))
        except OSError as err:
            if err.errno != errno.ENOENT:
                raise


def _become(command: list[str], here: socket.socket) -> NoReturn:
    """Give the listener away and become the command."""
    listener = install()
    socket.send_fds(here, [b"x"], [listener])
    os.close(listener)
    here.close()
    os.execvp(command[0], command)


def main() -> int:
    here, there = socket.socketpair()
    child = os.fork()
    if not child:
        here.close()
        _become(sys.argv[1:], there)
    there.close()
    _, descriptors, _, _ = socket.recv_fds(here, 1, 1)
    if not descriptors:
        sys.stderr.write("the kernel does not let this process filter system calls\n")
        return 125
    refused = count_refused(descriptors[0])
    _, status = os.waitpid(child, 0)
    sys.stderr.write(f"network sockets asked for: {refused}\n")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
