# asyncio: a scheduler of the board's own (core.py) under MicroPython's package, which this build has frozen for a browser.
from .core import *
from . import core
from .stream import open_connection, start_server, StreamReader, StreamWriter

# From here on, parts are this build's.
__path__ = ".frozen/_syncio"


# import asks a built-in module to get ready.
def __init__():
    pass


_parts = {
    "wait_for": "funcs",
    "wait_for_ms": "funcs",
    "gather": "funcs",
    "Event": "event",
    "ThreadSafeFlag": "event",
    "Lock": "lock",
}


def __getattr__(name):
    part = _parts.get(name)
    if part is None:
        raise AttributeError(name)
    value = getattr(__import__(part, None, None, True, 1), name)
    globals()[name] = value
    return value
