# network: Wi-Fi with the ways of the ESP32's driver. The networks there are, and how joining them goes, are decided by the machine
# underneath (src/sim/network/); what each call answers and raises follows ports/esp32/network_wlan.c of MicroPython.
from micropython import const
import _board
import utime as time

STA_IF = const(0)
AP_IF = const(1)
MODE_11B = const(1)
MODE_11G = const(2)
MODE_11N = const(4)
AUTH_OPEN = const(0)
AUTH_WEP = const(1)
AUTH_WPA_PSK = const(2)
AUTH_WPA2_PSK = const(3)
AUTH_WPA_WPA2_PSK = const(4)
STAT_IDLE = const(1000)
STAT_CONNECTING = const(1001)
STAT_GOT_IP = const(1010)
STAT_BEACON_TIMEOUT = const(200)
STAT_NO_AP_FOUND = const(201)
STAT_WRONG_PASSWORD = const(202)
STAT_ASSOC_FAIL = const(203)
STAT_HANDSHAKE_TIMEOUT = const(204)
STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY = const(210)
STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD = const(211)
STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD = const(212)

_NO_ADDRESS = ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0")
_GIVEN_ADDRESS = ("192.168.1.100", "255.255.255.0", "192.168.1.1", "192.168.1.1")

_hostname = "mpy-esp32"
_country = "XX"


def hostname(name=None):
    global _hostname
    if name is None:
        return _hostname
    if len(name) > 32:
        raise ValueError
    _hostname = name


def country(code=None):
    global _country
    if code is None:
        return _country
    if len(code) != 2:
        raise ValueError
    _country = code


# The machine underneath answers with the text of what goes wrong.
def _must(problem):
    if problem:
        raise OSError(problem)


def _text(name):
    return name if isinstance(name, str) else name.decode()


class WLAN:
    IF_STA = const(0)
    IF_AP = const(1)
    SEC_OPEN = const(0)
    SEC_WEP = const(1)
    SEC_WPA = const(2)
    SEC_WPA2 = const(3)
    SEC_WPA_WPA2 = const(4)
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
            wlan._is_active = False
            wlan._address = None
            wlan._settings = {"channel": 1, "pm": 1, "txpower": 20, "protocol": 7, "reconnects": -1}
            if not wlan._is_station:
                wlan._settings.update({"ssid": "ESP_345678", "hidden": False, "security": 0, "max_clients": 10})
            cls._interfaces[interface] = wlan
        return cls._interfaces[interface]

    def __init__(self, interface=STA_IF):
        pass

    def active(self, active=None):
        if self._is_station:
            return _board.call("wifi_active", None if active is None else bool(active))
        if active is not None:
            self._is_active = bool(active)
        return self._is_active

    def connect(self, ssid=None, key=None, *, bssid=None):
        _must(_board.call("wifi_connect", None if ssid is None else _text(ssid), _text(key or "")))

    def disconnect(self):
        _must(_board.call("wifi_disconnect"))

    def isconnected(self):
        return _board.call("wifi_connected") if self._is_station else False

    def status(self, param=None):
        if param is None:
            return _board.call("wifi_status") if self._is_station else None
        if param == "rssi":
            self._require(STA_IF)
            strength = _board.call("wifi_rssi")
            if strength is None:
                raise OSError("Wifi Not Connected")
            return strength
        if param == "stations":
            self._require(AP_IF)
            return []
        raise ValueError("unknown status param")

    def ifconfig(self, addresses=None):
        if addresses is None:
            return self._addresses()
        self._address = None if addresses == "dhcp" else tuple(addresses)
        if self._is_station:
            _board.call("wifi_static", self._address is not None)

    def _addresses(self):
        if self._is_station and not self.isconnected():
            return self._address or _NO_ADDRESS
        return self._address or (
            _GIVEN_ADDRESS if self._is_station else ("192.168.4.1", "255.255.255.0", "192.168.4.1", "0.0.0.0")
        )

    def ipconfig(self, *args, **kwargs):
        address, mask, gateway, dns = self.ifconfig()
        if "addr4" in kwargs and kwargs["addr4"] != "dhcp":
            given = kwargs["addr4"]
            self.ifconfig((given, mask, gateway, dns) if isinstance(given, str) else (given[0], given[1], gateway, dns))
        if args:
            is_dynamic = self._address is None
            values = {
                "addr4": (address, mask),
                "gw4": gateway,
                "dhcp4": is_dynamic,
                "has_dhcp4": is_dynamic and self.isconnected(),
            }
            return values[args[0]]

    def config(self, *args, **kwargs):
        for name, value in kwargs.items():
            self._set(_settings_names.get(name, name), value)
        if args:
            return self._get(_settings_names.get(args[0], args[0]))

    def _set(self, name, value):
        if name in ("ssid", "key", "security", "hidden", "max_clients"):
            self._require(AP_IF)
        elif name == "reconnects":
            self._require(STA_IF)
            _board.call("wifi_attempts", 0 if value == -1 else value + 1)
        elif name == "hostname":
            hostname(value)
        elif name not in self._settings and name != "mac":
            raise ValueError("unknown config param")
        self._settings[name] = value

    def _get(self, name):
        if name == "mac":
            mac = _board.call("mac")
            return self._settings.get("mac") or bytes(mac[:5] + [mac[5] + (0 if self._is_station else 1)])
        if name == "ssid" and self._is_station:
            return _board.call("wifi_ssid")
        if name == "hostname":
            return hostname()
        if name not in self._settings or name == "key":
            raise ValueError("unknown config param")
        return self._settings[name]

    def scan(self):
        self._require(STA_IF)
        if not self.active():
            raise OSError("STA must be active")
        takes_ms, networks = _board.call("wifi_scan")
        time.sleep_ms(int(takes_ms))
        return [
            (ssid.encode(), bytes((2, 0, 0, 0, 0, at + 1)), channel, rssi, AUTH_WPA2_PSK if secured else AUTH_OPEN, False)
            for at, (ssid, channel, rssi, secured) in enumerate(networks)
        ]

    def _require(self, interface):
        if self._is_station != (interface == STA_IF):
            raise OSError("STA required" if interface == STA_IF else "AP required")


_settings_names = {"essid": "ssid", "password": "key", "authmode": "security", "dhcp_hostname": "hostname"}


def _is_online():
    return _board.call("wifi_connected")
