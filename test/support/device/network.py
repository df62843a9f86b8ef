# The ESP32's network module, as ports/esp32/network_wlan.c of MicroPython has it, before a radio made of the networks in `air`.
# The chip tries again by itself until its reconnects are used up; a new attempt does not clear the reason of the last failure.
import time

STA_IF = 0
STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202

# By name: {"password", "rssi", "refuses": reason, "dhcp": False, "join_ms"}
air = {}
# v1.19 to v1.21 say "connecting" as long as the chip goes on trying.
tells_at_once = True
knows_reconnects = True
calls = []

_SCAN_MS = 2400
_HANDSHAKE_MS = 3600
_LEAVE = 8


def hostname(name=None):
    calls.append("hostname %s" % name)


def country(code=None):
    calls.append("country %s" % code)


class WLAN:
    _only = None

    def __new__(cls, interface=STA_IF):
        if cls._only is None:
            cls._only = super().__new__(cls)
            cls._only._is_active = cls._only._wanted = False
            cls._only._reason = cls._only._reconnects = cls._only._tried = 0
            cls._only._due = cls._only._network = None
            cls._only._asked = (None, None)
        return cls._only

    def __init__(self, interface=STA_IF):
        pass

    def active(self, on=None):
        if on is not None:
            calls.append("active")
            self._is_active = on
        return self._is_active

    def config(self, *args, **settings):
        if args:
            if args[0] != ("ssid" if tells_at_once else "essid"):
                raise ValueError("unknown config param")
            return self._asked[0]
        for name in settings:
            if name == "reconnects" and knows_reconnects:
                self._reconnects = settings[name] + 1
            elif name == "dhcp_hostname":
                calls.append("dhcp_hostname " + settings[name])
            else:
                raise ValueError("unknown config param")

    def connect(self, ssid, key=None):
        if not self._is_active:
            raise OSError("Wifi Not Started")
        if self._wanted:
            raise OSError("Wifi Internal State Error")
        if key is not None and len(key) < 8:
            raise OSError("Wifi Invalid Password")
        calls.append("connect")
        self._asked = (ssid, key)
        self._wanted = True
        self._tried = 0
        self._attempt(time.elapsed())

    def _attempt(self, now):
        ssid, key = self._asked
        self._network = None
        self._found = air.get(ssid)
        if self._found is None:
            self._outcome, wait = 201, _SCAN_MS
        elif "refuses" in self._found:
            self._outcome, wait = self._found["refuses"], _SCAN_MS
        elif self._found.get("password") != key:
            self._outcome, wait = self._found.get("says", 15), _HANDSHAKE_MS
        else:
            self._outcome, wait = 0, self._found.get("join_ms", 1500)
        self._due = now + wait

    def _advance(self):
        while self._due is not None and self._due <= time.elapsed():
            due, self._due = self._due, None
            if self._outcome == 0:
                self._network = self._found
                if self._network.get("dhcp", True):
                    self._reason = 0
                return
            self._reason = self._outcome
            self._tried += 1
            if self._reconnects == 0 or self._tried < self._reconnects:
                self._attempt(due)

    def disconnect(self):
        if not self._is_active:
            raise OSError("Wifi Not Started")
        self._advance()
        if self._network is not None:
            self._reason = _LEAVE
        self._wanted = False
        self._due = self._network = None

    def isconnected(self):
        self._advance()
        return self._network is not None and self._network.get("dhcp", True)

    def status(self, what=None):
        if what == "rssi":
            self._advance()
            if self._network is None:
                raise OSError("Wifi Unknown Error 0x300f")
            return self._network.get("rssi", -50)
        if self.isconnected():
            return STAT_GOT_IP
        if tells_at_once and self._reason in (201, 202, 205, 210, 211, 212):
            return 202 if self._reason == 205 else self._reason
        if tells_at_once and self._reason == _LEAVE:
            return STAT_IDLE
        if self._wanted and (self._reconnects == 0 or self._tried < self._reconnects):
            return STAT_CONNECTING
        return self._reason or STAT_IDLE

    def scan(self):
        return [(name.encode(), b"", 6, air[name].get("rssi", -50), 3, False) for name in air]

    def ifconfig(self):
        return ("192.168.1.7", "255.255.255.0", "192.168.1.1", "192.168.1.53")
