# The board's built-in modules (src/sim/micropython/built-in-modules.ts). Those in this folder are C on a board: no file of the board's
# can be loaded in their place by their name with a u in front, and network and its kin are never a file's. Those in frozen/ are Python
# in the firmware.
import builtins, gc, micropython, sys, uos
import _board

_import = builtins.__import__
_path = ["/.sim"]
_frozen_path = ["/.sim/frozen"]
_keep = []


class _Unloaded:
    pass


# What a module takes is no program's.
def _own(load, name):
    gc.collect()
    _board.call("own_begin")
    try:
        return load(name)
    finally:
        gc.collect()
        _board.call("own_end")


def _load_c(name):
    path, sys.path = sys.path, _path
    try:
        _import("@" + name)
    finally:
        sys.path = path
    module = sys.modules.pop("@" + name)
    module.__name__ = name
    del module.__file__
    return module


def _load(name, row):
    module = _own(_load_c, name)
    _keep.append(module)
    _board.call("module_loaded", row, id(module))


# A frozen module stays in sys.modules, so the table is asked again only where somebody took it out of there.
def _import_frozen(name):
    path, sys.path = sys.path, _frozen_path
    try:
        return _import(name)
    finally:
        sys.path = path


def _load_frozen(name, row):
    module = _own(_import_frozen, name)
    _keep.append(module)
    _board.call("module_loaded", row, id(module))


def _unloaded(names, load):
    rows = []
    for name in names:
        row, module = id(name), _Unloaded()
        module.__init__ = lambda name=name, row=row: load(name, row)
        _keep.append(module)
        rows.append((row, id(module)))
    return rows


# Keyword names are kept as import keeps them.
def _names(**names):
    return names


_board.call(
    "modules_extend",
    id(gc),
    [id(name) for name in _names(js=0, jsffi=0)],
    _unloaded(_names(network=0, esp=0, esp32=0, tls=0, vfs=0), _load),
)
_board.call(
    "modules_extend",
    id(uos),
    [],
    _unloaded(_names(os=0, time=0, machine=0, socket=0, hashlib=0, cryptolib=0, bluetooth=0), _load)
    + _unloaded(
        _names(
            asyncio=0, requests=0, ntptime=0, dht=0, ds18x20=0, neopixel=0, onewire=0, ssl=0, flashbdev=0
        ),
        _load_frozen,
    ),
)


# Room for what an exception has to say while there is no memory for it. Here there always is.
def _alloc_emergency_exception_buf(size):
    global _reserve
    _reserve = bytearray(size)


_keep.append(_alloc_emergency_exception_buf)
_board.call(
    "module_change",
    id(micropython),
    [id(name) for name in _names(pystack_use=0)],
    [
        (id(name), id(_alloc_emergency_exception_buf))
        for name in _names(alloc_emergency_exception_buf=0)
    ],
)
