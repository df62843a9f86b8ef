# hashlib: the port's C module has sha256; the board's has md5 and sha1 as well, computed by the machine underneath.
from ubinascii import hexlify, unhexlify
import _board

sha256 = _board.c_hashlib.sha256


class _Digest:
    def __init__(self, data=b""):
        self._data = bytearray(data)

    def _check(self):
        if self._data is None:
            raise ValueError("hash is final")

    def update(self, data):
        self._check()
        self._data.extend(data)

    # Once only, as in the C module.
    def digest(self):
        self._check()
        data, self._data = self._data, None
        return unhexlify(_board.call("digest", self._name, hexlify(data).decode()))


class md5(_Digest):
    _name = "md5"


class sha1(_Digest):
    _name = "sha1"
