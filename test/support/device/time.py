# A clock that moves only when somebody waits: tests are exact to the millisecond and take no time.
# It runs an hour ahead of the computer's, whose ticks asyncio's C part uses for what is to run at once.
from utime import gmtime, localtime, mktime, ticks_add, ticks_diff
from utime import ticks_ms as _real_ticks
import utime

_started = ticks_add(_real_ticks(), 3600000)
_now = 0
_events = []
# The time of day: seconds between the ticks and the calendar. Starts at 2000-01-01, as on a board.
_epoch = 946684800


def ticks_ms():
    return ticks_add(_started, _now)


def ticks_us():
    return (_now * 1000) & 0x3FFFFFFF


def time():
    return _epoch + _now // 1000


def set_clock(seconds):
    global _epoch
    _epoch = seconds - _now // 1000


def elapsed():
    return _now


def at(ms, do, *args):
    """Calls do(*args) at that moment, whoever waits then. What it raises (a KeyboardInterrupt) comes out of the wait."""
    _events.append((ms, do, args))
    _events.sort(key=lambda event: event[0])


def sleep_ms(ms):
    global _now
    until = _now + max(0, ms)
    while _events and _events[0][0] <= until:
        moment, do, args = _events.pop(0)
        _now = max(_now, moment)
        do(*args)
    _now = max(_now, until)


def sleep(seconds):
    sleep_ms(int(seconds * 1000))


def sleep_us(us):
    pass
