# os as on the ESP32: what the port's C module gives, minus what only a computer has, plus sizes and names.
from ucollections import namedtuple
from _board import c_os
import urandom as _random
import sys

from vfs import VfsFat, VfsLfs2, mount

chdir, getcwd, listdir, mkdir = c_os.chdir, c_os.getcwd, c_os.listdir, c_os.mkdir
remove, rmdir, umount = c_os.remove, c_os.rmdir, c_os.umount
_ilistdir, _rename, _stat, _statvfs = c_os.ilistdir, c_os.rename, c_os.stat, c_os.statvfs

sep = "/"
_BLOCK = 4096
unlink = remove
_Uname = namedtuple("uname_result", ("sysname", "nodename", "release", "version", "machine"))


def uname():
    version = sys.version.split("MicroPython ")[1]
    release = version.split(" ")[0][1:]
    return _Uname("esp32", "esp32", release, version, sys.implementation._machine)


# In any other folder the machine underneath takes an absolute name for a relative one of import's.
def _in_root(ask, path):
    here = getcwd() if path.startswith("/") else "/"
    if here == "/":
        return ask(path)
    chdir("/")
    try:
        return ask(path)
    finally:
        chdir(here)


# What is not the board's own file system (mounts of a program's) answers for itself: it has no inodes.
def stat(path):
    # Without a name: the current folder.
    found = _in_root(_stat, path or getcwd())
    if len(found) < 10 or found[1] == 0:
        return found
    # Without a time: 0. With one: seconds since 2000, and this build's are since 1970.
    time = max(0, found[8] - 946684800)
    return (found[0] & 0xF000, 0, 0, 0, 0, 0, found[6], time, time, time)


def statvfs(path):
    found = _statvfs(path or getcwd())
    return found[:5] + (0, 0, 0, 0, 255) if found[0] == _BLOCK else found


def ilistdir(path=""):
    return _with_sizes(_ilistdir(path), path)


def _with_sizes(entries, path):
    prefix = path if isinstance(path, str) else path.decode()
    if prefix and not prefix.endswith("/"):
        prefix += "/"
    # Where a program's own file systems are mounted, what is in them is as they say.
    mounts = [point for _, point in mount() if point != "/"]
    here = "/" if not mounts or path.startswith("/") else getcwd() + "/"
    for entry in entries:
        name = entry[0] if isinstance(entry[0], str) else entry[0].decode()
        if not any((here + prefix + name + "/").replace("//", "/").startswith(point + "/") for point in mounts):
            entry = (entry[0], entry[1], 0, _in_root(_stat, prefix + name)[6])
        yield entry


# VfsPosix has one buffer for absolute names, and two of them would share it: seen from /, the first needs no slash.
def rename(old, new):
    if not (old.startswith("/") and new.startswith("/")):
        _rename(old, new)
        return
    here = getcwd()
    chdir("/")
    try:
        _rename(old[1:], new)
    finally:
        chdir(here)


def sync():
    pass


def urandom(size):
    return bytes(_random.getrandbits(8) for _ in range(size))


def dupterm(stream, index=0):
    return None
