"""Runs a command for which the bytes of files at some offsets cannot be read, as with a damaged sector: `unreadable.py OFFSET... -- COMMAND...`.
A filter of the kernel (seccomp) answers pread64(2) there with EIO. It sees no file names: offsets have to be ones at which nothing else is read."""
import ctypes
import errno
import os
import platform
import struct
import sys

PREAD64 = {"x86_64": 17, "aarch64": 67}
SET_SECCOMP, SET_NO_NEW_PRIVILEGES, FILTER = 22, 38, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, OFFSET = 0, 40  # in struct seccomp_data; of the fourth argument the lower half
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EIO


def refuse_reading_at(offsets):
    """For this process, its threads and what it starts. Throws OSError where the kernel has no such filter."""
    count = len(offsets)
    steps = [(LOAD, 0, 0, NUMBER), (EQUAL, 0, count + 1, PREAD64[platform.machine()]), (LOAD, 0, 0, OFFSET)]
    steps += [(EQUAL, count - n, 0, offset) for n, offset in enumerate(offsets)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, FAIL)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or libc.prctl(SET_SECCOMP, FILTER, program, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no filter of system calls")


def words(offsets):
    """What to put before a command."""
    return [sys.executable, __file__, *map(str, offsets), "--"]


if __name__ == "__main__":
    end = sys.argv.index("--")
    refuse_reading_at([int(word) for word in sys.argv[1:end]])
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
