# time as on the ESP32: counts from 2000, whole seconds, a clock that starts at 2000-01-01 until it is set, a sleep that Ctrl-C ends.
from uselect import poll as _poll
import _board

_mktime, _gmtime, _time = _board.c_time.mktime, _board.c_time.gmtime, _board.c_time.time
sleep_us, ticks_add, ticks_diff = _board.c_time.sleep_us, _board.c_time.ticks_add, _board.c_time.ticks_diff
ticks_cpu, ticks_ms, ticks_us = _board.c_time.ticks_cpu, _board.c_time.ticks_ms, _board.c_time.ticks_us

_EPOCH = 946684800
_wait = _poll().poll


def sleep_ms(ms):
    if ms > 0:
        _wait(ms)


def sleep(seconds):
    if seconds > 0:
        _wait(int(seconds * 1000))


def time():
    return int(_time()) - _EPOCH + _board.clock_offset()


def time_ns():
    return time() * 1000000000 + ticks_us() % 1000000 * 1000


def gmtime(seconds=None):
    return _gmtime((time() if seconds is None else seconds) + _EPOCH)


localtime = gmtime


def mktime(moment):
    return int(_mktime(moment)) - _EPOCH
