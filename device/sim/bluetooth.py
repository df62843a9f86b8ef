# bluetooth as on the ESP32 (NimBLE), with nobody else on the air: the board advertises and nobody comes, a scan hears nothing, a connection
# finds no one. Its own services, names and addresses are there.
from micropython import const
import _board

FLAG_READ = const(2)
FLAG_WRITE_NO_RESPONSE = const(4)
FLAG_WRITE = const(8)
FLAG_NOTIFY = const(16)
FLAG_INDICATE = const(32)

_ENODEV = const(19)
_EBUSY = const(16)
_EINVAL = const(22)
_E2BIG = const(7)
_EALREADY = const(114)
_ENOTCONN = const(128)

_IRQ_SCAN_DONE = const(6)
_IRQ_PERIPHERAL_DISCONNECT = const(8)

_MAX_SERVICES = const(8)
_MAX_NAME = const(31)
_MAX_ADVERTISED = const(31)
_CONNECT_MS = const(2000)
# Those of NimBLE's own services are in front: an estimate.
_FIRST_HANDLE = const(16)


class UUID(bytes):
    def __init__(self, value):
        if isinstance(value, int):
            if value > 65535:
                raise ValueError("invalid UUID")
            value = value.to_bytes(2, "little")
        else:
            value = bytes(memoryview(value))
            if len(value) not in (2, 4, 16):
                value = _uuid_of(value.decode())
        super().__init__(value)

    def __repr__(self):
        digits = "".join(["%02x" % each for each in reversed(bytes(self))])
        if len(digits) <= 8:
            return "UUID(0x%s)" % digits
        return "UUID('%s-%s-%s-%s-%s')" % (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])

    __str__ = __repr__

    def __hash__(self):
        return hash(bytes(self))

    def __eq__(self, other):
        return isinstance(other, UUID) and bytes(self) == bytes(other)

    def __lt__(self, other):
        mine, its = bytes(self), bytes(other)
        return mine < its if len(mine) == len(its) else len(mine) < len(its)


def _uuid_of(text):
    digits = text.replace("-", "")
    for digit in digits:
        if digit not in "0123456789abcdefABCDEF":
            raise ValueError("invalid char in UUID")
    if len(digits) != 32:
        raise ValueError("UUID too long" if len(digits) > 32 else "UUID too short")
    return bytes([int(digits[at : at + 2], 16) for at in range(30, -2, -2)])


def _check_uuid(uuid, what):
    if not isinstance(uuid, UUID):
        raise ValueError("invalid %s UUID" % what)


class BLE:
    _one = None

    def __new__(cls, *args, **kwargs):
        if cls._one is None:
            cls._one = super().__new__(cls)
            cls._one._begin()
        return cls._one

    def __init__(self, *args, **kwargs):
        pass

    def _begin(self):
        self._is_active = self._is_advertising = False
        self._handler = self._scan = self._connection = None
        self._name, self._mtu, self._values = b"MPY ESP32", 256, {}

    def _must_be_active(self):
        if not self._is_active:
            raise OSError(_ENODEV)

    def active(self, active=None):
        if active is not None:
            self._stop()
            self._is_active = bool(active)
            self._mtu, self._values = 256, {}
        return self._is_active

    def _stop(self):
        self._is_advertising = False
        for timer in (self._scan, self._connection):
            if timer:
                timer.deinit()
        self._scan = self._connection = None

    def config(self, *names, **values):
        if not values:
            if len(names) != 1:
                raise TypeError("must query one param")
            return self._asked(names[0])
        if names:
            raise TypeError("can't specify pos and kw args")
        for name, value in values.items():
            self._set(name, value)

    def _asked(self, name):
        if name == "gap_name":
            return self._name
        if name == "mac":
            self._must_be_active()
            mac = _board.call("mac")
            # The base address is the station's, and the one behind its access point's is Bluetooth's.
            return 0, bytes(mac[:5] + [(mac[5] + 2) & 255])
        if name == "mtu":
            self._must_be_active()
            return self._mtu
        raise ValueError("unknown config param")

    def _set(self, name, value):
        if name == "gap_name":
            value = value.encode() if isinstance(value, str) else bytes(value)
            if len(value) > _MAX_NAME:
                raise OSError(_EINVAL)
            self._name = value
        elif name == "mtu":
            self._must_be_active()
            if not 23 <= value <= 527:
                raise OSError(_EINVAL)
            self._mtu = value
        elif name == "addr_mode":
            self._must_be_active()
        elif name not in ("bond", "mitm", "io", "le_secure"):
            raise ValueError("unknown config param")

    def irq(self, handler):
        if handler is not None and not callable(handler):
            raise ValueError("invalid handler")
        self._handler = handler

    def _tell(self, event, data):
        if self._handler:
            self._handler(event, data)

    def gap_advertise(self, interval_us=500000, adv_data=None, *, resp_data=None, connectable=True):
        if interval_us is None:
            self._is_advertising = False
            return
        interval_us + 0
        self._must_be_active()
        for data in (adv_data, resp_data):
            if data is not None and len(data) > _MAX_ADVERTISED:
                raise OSError(_EINVAL)
        self._is_advertising = True

    def gap_scan(self, duration_ms=0, interval_us=1280000, window_us=11250, active=False):
        self._must_be_active()
        if duration_ms is None:
            if self._scan:
                self._end_scan(None)
            return
        if self._scan:
            raise OSError(_EALREADY)
        self._scan = _after(duration_ms, self._end_scan)

    def _end_scan(self, _):
        self._scan.deinit()
        self._scan = None
        self._tell(_IRQ_SCAN_DONE, ())

    def gap_connect(self, addr_type, addr=None, scan_duration_ms=None, min_us=None, max_us=None):
        if addr is None:
            if addr_type is not None:
                raise TypeError("invalid addr")
            self._must_be_active()
            if not self._connection:
                raise OSError(_EALREADY)
            self._end_connecting(None)
            return
        if len(addr) != 6:
            raise ValueError("invalid addr")
        self._must_be_active()
        if self._scan:
            self._end_scan(None)
        if self._connection:
            raise OSError(_EALREADY)
        self._connection = _after(scan_duration_ms or _CONNECT_MS, self._end_connecting)

    def _end_connecting(self, _):
        self._connection.deinit()
        self._connection = None
        self._tell(_IRQ_PERIPHERAL_DISCONNECT, (65535, 255, bytes(6)))

    def gap_disconnect(self, connection):
        self._must_be_active()
        return False

    def gatts_register_services(self, services):
        self._must_be_active()
        if self._is_advertising:
            raise OSError(_EBUSY)
        if len(services) > _MAX_SERVICES:
            raise OSError(_E2BIG)
        self._values = {}
        self._handle = _FIRST_HANDLE
        return tuple([self._register(uuid, characteristics) for uuid, characteristics in services])

    # A service has an attribute of its own, so has each characteristic in front of its value, and behind it one that is notified.
    def _register(self, uuid, characteristics):
        _check_uuid(uuid, "service")
        self._handle += 1
        handles = []
        for characteristic in characteristics:
            if not 2 <= len(characteristic) <= 3:
                raise ValueError("invalid characteristic tuple")
            _check_uuid(characteristic[0], "characteristic")
            self._handle += 1
            handles.append(self._new_value())
            if characteristic[1] & (FLAG_NOTIFY | FLAG_INDICATE):
                self._handle += 1
            for descriptor, _ in characteristic[2] if len(characteristic) == 3 else ():
                _check_uuid(descriptor, "descriptor")
                handles.append(self._new_value())
        return tuple(handles)

    def _new_value(self):
        handle = self._handle
        self._handle += 1
        self._values[handle] = b""
        return handle

    def _known(self, handle):
        self._must_be_active()
        if handle not in self._values:
            raise OSError(_EINVAL)

    def gatts_read(self, handle):
        return self._values.get(handle, b"")

    def gatts_write(self, handle, data, send_update=False):
        data = data.encode() if isinstance(data, str) else bytes(data)
        self._known(handle)
        self._values[handle] = data
        return len(data)

    def gatts_set_buffer(self, handle, size, append=False):
        self._known(handle)
        self._values[handle] = b""

    # Nobody is connected.
    def _to_nobody(self, connection, *args):
        self._must_be_active()
        raise OSError(_ENOTCONN)

    gatts_notify = gatts_indicate = gap_pair = gap_passkey = _to_nobody
    gattc_discover_services = gattc_discover_characteristics = gattc_discover_descriptors = _to_nobody
    gattc_read = gattc_write = gattc_exchange_mtu = _to_nobody


# 0 is for ever.
def _after(duration_ms, callback):
    from machine import Timer

    timer = Timer(-1)
    if duration_ms:
        timer.init(mode=Timer.ONE_SHOT, period=duration_ms, callback=callback)
    return timer
