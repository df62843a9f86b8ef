# network: a WLAN that connects to any network after a second, but for the two names below; nothing is reachable behind it.
from micropython import const
import _board
import time

STA_IF = const(0)
AP_IF = const(1)
MODE_11B = const(1)
MODE_11G = const(2)
MODE_11N = const(4)
AUTH_OPEN = const(0)
AUTH_WPA2_PSK = const(3)
STAT_IDLE = const(1000)
STAT_CONNECTING = const(1001)
STAT_GOT_IP = const(1010)
STAT_NO_AP_FOUND = const(201)
STAT_WRONG_PASSWORD = const(202)

# For trying out what a program does when Wi-Fi fails: a network that is not there, a password that is wrong.
_MISSING_SSID = "no-such-network"
_WRONG_KEY = "wrong-password"
_CONNECT_MS = const(1000)

_hostname = "mpy-esp32"
_country = "XX"


def hostname(name=None):
    global _hostname
    if name is None:
        return _hostname
    _hostname = name


def country(code=None):
    global _country
    if code is None:
        return _country
    _country = code


class WLAN:
    IF_STA = const(0)
    IF_AP = const(1)
    SEC_OPEN = const(0)
    SEC_WPA2 = const(3)
    PM_NONE = const(0)
    PM_PERFORMANCE = const(1)
    PM_POWERSAVE = const(2)

    _interfaces = {}

    def __new__(cls, interface=STA_IF):
        if interface not in (STA_IF, AP_IF):
            raise ValueError("invalid WLAN interface identifier")
        if interface not in cls._interfaces:
            wlan = super().__new__(cls)
            wlan._is_station = interface == STA_IF
            wlan._active = False
            wlan._settings = {"ssid": "" if wlan._is_station else "ESP_345678", "channel": 1, "pm": 1, "txpower": 20}
            wlan._status = STAT_IDLE
            wlan._address = None
            wlan._ready_at = None
            cls._interfaces[interface] = wlan
        return cls._interfaces[interface]

    def __init__(self, interface=STA_IF):
        pass

    def active(self, active=None):
        if active is None:
            return self._active
        self._active = bool(active)
        if not active:
            self.disconnect()
        return self._active

    def connect(self, ssid=None, key=None, *, bssid=None):
        if not self._active:
            raise OSError("Wifi Not Started")
        if ssid is not None:
            self._settings["ssid"] = ssid
        self._failure = None
        if self._settings["ssid"] == _MISSING_SSID:
            self._failure = STAT_NO_AP_FOUND
        elif key == _WRONG_KEY:
            self._failure = STAT_WRONG_PASSWORD
        self._status = STAT_CONNECTING
        self._ready_at = time.ticks_add(time.ticks_ms(), _CONNECT_MS)

    def disconnect(self):
        self._status = STAT_IDLE
        self._ready_at = None

    def isconnected(self):
        return self.status() == STAT_GOT_IP if self._is_station else False

    def status(self, param=None):
        if param == "stations":
            return []
        if self._ready_at is not None and time.ticks_diff(time.ticks_ms(), self._ready_at) >= 0:
            self._ready_at = None
            self._status = self._failure or STAT_GOT_IP
        if param == "rssi":
            # As the chip has it: there is a signal to be measured only after joining.
            if self._status != STAT_GOT_IP:
                raise OSError("Wifi Unknown Error 0x300f")
            return -50
        return self._status

    def ifconfig(self, addresses=None):
        if addresses is not None:
            self._address = addresses if isinstance(addresses, tuple) else None
        elif not self._is_station:
            return self._address or ("192.168.4.1", "255.255.255.0", "192.168.4.1", "0.0.0.0")
        elif self.isconnected():
            return self._address or ("192.168.1.100", "255.255.255.0", "192.168.1.1", "192.168.1.1")
        else:
            return ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0")

    def ipconfig(self, *args, **kwargs):
        address, mask, gateway, dns = self.ifconfig()
        values = {"addr4": (address, mask), "gw4": gateway, "dhcp4": True, "has_dhcp4": self.isconnected()}
        return values.get(args[0]) if args else None

    def config(self, *args, **kwargs):
        for name, value in kwargs.items():
            self._settings["ssid" if name == "essid" else name] = value
        if args:
            name = "ssid" if args[0] == "essid" else args[0]
            if name == "mac":
                mac = _board.call("mac")
                return bytes(mac[:5] + [mac[5] + (0 if self._is_station else 1)])
            if name not in self._settings:
                raise ValueError("unknown config param")
            return self._settings[name]

    def scan(self):
        if not self._active:
            raise OSError("STA must be active")
        return [(b"workshop", b"\x02\x00\x00\x00\x00\x01", 1, -50, AUTH_WPA2_PSK, False)]


def _is_online():
    return STA_IF in WLAN._interfaces and WLAN(STA_IF).isconnected()
