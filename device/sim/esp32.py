# esp32: NVS that lasts until the next reset, the partitions of the flash, a temperature.
from micropython import const
from ubinascii import hexlify, unhexlify
from _board import call

WAKEUP_ALL_LOW = const(0)
WAKEUP_ANY_HIGH = const(1)
HEAP_DATA = const(4)
HEAP_EXEC = const(1)

_ESP_ERR_NVS_NOT_FOUND = const(-0x1102)
_ESP_ERR_NVS_INVALID_LENGTH = const(-0x110C)


class NVS:
    _spaces = {}

    def __init__(self, namespace):
        self._values = self._spaces.setdefault(namespace, {})

    def _get(self, key, kind):
        value = self._values.get(key)
        if not isinstance(value, kind):
            raise OSError(_ESP_ERR_NVS_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return value

    def get_i32(self, key):
        return self._get(key, int)

    def set_i32(self, key, value):
        self._values[key] = value

    def get_blob(self, key, buffer):
        value = self._get(key, bytes)
        if len(buffer) < len(value):
            raise OSError(_ESP_ERR_NVS_INVALID_LENGTH, "ESP_ERR_NVS_INVALID_LENGTH")
        buffer[: len(value)] = value
        return len(value)

    def set_blob(self, key, value):
        self._values[key] = value.encode() if isinstance(value, str) else bytes(value)

    def erase_key(self, key):
        if key not in self._values:
            raise OSError(_ESP_ERR_NVS_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        del self._values[key]

    def commit(self):
        pass


# An answer of the machine underneath holds so much, in hexadecimal.
_PIECE = const(1024)
_SECTOR = const(4096)
_ESP_ERR_NOT_FOUND = const(-0x105)
_ESP_ERR_INVALID_SIZE = const(-0x104)
_ESP_ERR_OTA_VALIDATE_FAILED = const(-0x1503)


# A part of the flash, as a block device.
class Partition:
    BOOT = const(0)
    RUNNING = const(1)
    TYPE_APP = const(0)
    TYPE_DATA = const(1)

    def __init__(self, id, block_size=_SECTOR):
        rows = call("partitions")
        # The bootloader starts the first application where no other one was chosen; which one it is nobody can change here.
        found = [row for row in rows if (row[0] == self.TYPE_APP if id in (self.BOOT, self.RUNNING) else row[4] == id)]
        if not found:
            raise OSError(2)
        self._begin(found[0], block_size)

    def _begin(self, row, block_size):
        if block_size <= 0:
            raise ValueError("invalid block size")
        self._info = tuple(row) + (False,)
        self._block_size = block_size
        return self

    def __repr__(self):
        return "<Partition type=%d, subtype=%d, address=%d, size=%d, label=%s, encrypted=%d>" % self._info

    @classmethod
    def find(cls, type=TYPE_APP, subtype=0xFF, label=None, block_size=_SECTOR):
        return [
            object.__new__(cls)._begin(row, block_size)
            for row in call("partitions")
            if row[0] == type and subtype in (0xFF, row[1]) and label in (None, row[4])
        ]

    def info(self):
        return self._info

    def _at(self, block, offset, size):
        at = block * self._block_size + offset
        if at < 0 or at + size > self._info[3]:
            raise OSError(_ESP_ERR_INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
        return self._info[2] + at

    def readblocks(self, block, buffer, offset=0):
        at = self._at(block, offset, len(buffer))
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            size = min(_PIECE, len(view) - start)
            view[start : start + size] = unhexlify(call("flash_read", at + start, size))

    # Without an offset, what is written to is erased before.
    def writeblocks(self, block, buffer, offset=None):
        at = self._at(block, offset or 0, len(buffer))
        if offset is None:
            self._erase(at, len(buffer))
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            call("flash_write", at + start, hexlify(view[start : start + _PIECE]).decode())

    def _erase(self, at, size):
        if at % _SECTOR or size % _SECTOR:
            raise OSError(_ESP_ERR_INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
        call("flash_erase", at, size)

    def ioctl(self, operation, argument):
        if operation in (1, 2, 3):
            return 0
        if operation == 4:
            return self._info[3] // self._block_size
        if operation == 5:
            return self._block_size
        if operation == 6:
            self._erase(self._at(argument, 0, self._block_size), self._block_size)
            return 0

    # There is one application, and nothing that could remember another one.
    def set_boot(self):
        if self._info[0] != self.TYPE_APP:
            raise OSError(_ESP_ERR_OTA_VALIDATE_FAILED, "ESP_ERR_OTA_VALIDATE_FAILED")
        raise OSError(_ESP_ERR_NOT_FOUND, "ESP_ERR_NOT_FOUND")

    def get_next_update(self):
        raise OSError(2)

    @classmethod
    def mark_app_valid_cancel_rollback(cls):
        pass


def raw_temperature():
    return 128


def hall_sensor():
    return 0


def wake_on_ext0(pin=None, level=None):
    pass


def wake_on_ext1(pins=None, level=None):
    pass


def wake_on_touch(wake):
    pass


def idf_heap_info(capabilities):
    return [(15072, 12344, 12288, 11680), (113840, 63012, 49152, 61944)]
