# The way from the board's modules to the machine under them: a call is a JSON array, its answer is JSON.
import json
import sys
import uio
import uhashlib, uos, utime
from vfs import VfsPosix

# This build's own modules under the board's of the same names.
c_hashlib, c_os, c_time = uhashlib, uos, utime
_device = VfsPosix("/dev").open("/board", "r+b")
_offset = None


def call(*request):
    _device.write(json.dumps(request))
    return json.loads(_device.read(4096))


# The machine underneath calls this where a board's C code finds its stack full.
def raise_too_deep():
    raise RuntimeError("maximum recursion depth exceeded")


# … and this where programs have all the memory that a board has.
def raise_no_memory():
    raise MemoryError("memory allocation failed, allocating %u bytes" % call("memory_missing"))


# … and this where C code asks nobody how closing a file went.
def raise_kept():
    raise OSError(call("close_error"))


# Seconds between this computer's clock and the board's: a board without a battery starts at 2000-01-01.
def clock_offset():
    global _offset
    if _offset is None:
        _offset = call("clock_offset")
    return _offset


def set_clock(seconds_since_2000):
    global _offset
    _offset = seconds_since_2000 + 946684800 - call("now_ms") // 1000
    call("set_clock_offset", _offset)


# An exception that ends a callback, as a board prints it: what is C there has no lines in it.
def print_exception(error):
    text = uio.StringIO()
    sys.print_exception(error, text)
    for line in text.getvalue().split("\n"):
        if line and '"/.sim/' not in line:
            print(line)
