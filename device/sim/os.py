# os as on the ESP32: what the port's C module gives, minus what only a computer has, plus sizes and names.
from ucollections import namedtuple
from _board import c_os
import urandom as _random
import sys

chdir, getcwd, listdir, mkdir, mount = c_os.chdir, c_os.getcwd, c_os.listdir, c_os.mkdir, c_os.mount
remove, rmdir, umount = c_os.remove, c_os.rmdir, c_os.umount
_ilistdir, _rename, _stat, _statvfs = c_os.ilistdir, c_os.rename, c_os.stat, c_os.statvfs

sep = "/"
unlink = remove
_Uname = namedtuple("uname_result", ("sysname", "nodename", "release", "version", "machine"))


def uname():
    version = sys.version.split("MicroPython ")[1]
    release = version.split(" ")[0][1:]
    return _Uname("esp32", "esp32", release, version, sys.implementation._machine)


def stat(path):
    mode, _, _, _, _, _, size, atime, mtime, ctime = _stat(path)
    return (mode & 0xF000, 0, 0, 0, 0, 0, size, atime, mtime, ctime)


def statvfs(path):
    return _statvfs(path)[:5] + (0, 0, 0, 0, 255)


def ilistdir(path=""):
    return _with_sizes(_ilistdir(path), path)


def _with_sizes(entries, path):
    prefix = path if not path or path.endswith("/") else path + "/"
    for entry in entries:
        size = entry[3] if len(entry) > 3 else _stat(prefix + entry[0])[6]
        yield (entry[0], entry[1], 0, size)


# VfsPosix has one buffer for absolute names, and two of them would share it: seen from /, the first needs no slash.
def rename(old, new):
    here = getcwd()
    base = here if here.endswith("/") else here + "/"
    chdir("/")
    try:
        _rename((old if old.startswith("/") else base + old)[1:], new if new.startswith("/") else base + new)
    finally:
        chdir(here)


def sync():
    pass


def urandom(size):
    return bytes(_random.getrandbits(8) for _ in range(size))


def dupterm(stream, index=0):
    return None
