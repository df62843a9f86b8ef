# cryptolib as the ESP32 has it: AES, which the machine underneath reckons. CTR is not in there, nor names for the modes.
from micropython import const
from ubinascii import hexlify, unhexlify
from _board import call

_ECB = const(1)
_CBC = const(2)
_BLOCK = const(16)
# An answer of the machine underneath holds so much, in hexadecimal.
_PIECE = const(1024)


def _hex(data):
    return hexlify(data).decode()


class aes:
    def __init__(self, key, mode, IV=None):
        if mode not in (_ECB, _CBC):
            raise ValueError("mode")
        key = memoryview(key)
        if len(key) not in (16, 32):
            raise ValueError("key")
        if IV is not None:
            IV = memoryview(IV)
            if len(IV) != _BLOCK:
                raise ValueError("IV")
        elif mode == _CBC:
            raise ValueError("IV")
        self._key, self._mode = _hex(key), mode
        self._iv = _hex(IV) if mode == _CBC else ""
        self._direction = None

    def encrypt(self, data, target=None):
        return self._process(True, data, target)

    def decrypt(self, data, target=None):
        return self._process(False, data, target)

    def _process(self, encrypts, data, target):
        source = memoryview(data)
        if len(source) % _BLOCK:
            raise ValueError("blksize % 16")
        result = bytearray(len(source)) if target is None else memoryview(target)
        if len(result) < len(source):
            raise ValueError("output too small")
        if self._direction not in (None, encrypts):
            raise ValueError("can't encrypt & decrypt")
        self._direction = encrypts
        for at in range(0, len(source), _PIECE):
            piece = _hex(source[at : at + _PIECE])
            done = call("aes", self._key, self._iv, encrypts, piece)
            result[at : at + len(done) // 2] = unhexlify(done)
            # The next block goes on from the last one that is encrypted.
            self._iv = self._iv and (done if encrypts else piece)[-2 * _BLOCK :]
        return bytes(result) if target is None else target
