# socket: connections within the virtual network (src/sim/network/), with the numbers and the limits of the ESP32. Each one holds a
# file of the machine underneath, so that it ends with its object.
from micropython import const
from uio import IOBase
import _board
import utime as time
from vfs import VfsPosix

AF_INET = const(2)
AF_INET6 = const(10)
SOCK_STREAM = const(1)
SOCK_DGRAM = const(2)
SOCK_RAW = const(3)
SOL_SOCKET = const(0xFFF)
SO_REUSEADDR = const(4)
SO_BROADCAST = const(32)
SO_BINDTODEVICE = const(0x100B)
IPPROTO_IP = const(0)
IPPROTO_TCP = const(6)
IPPROTO_UDP = const(17)
IP_ADD_MEMBERSHIP = const(3)
TCP_NODELAY = const(1)

_EAGAIN = const(11)
_ETIMEDOUT = const(116)
_ENOTCONN = const(128)

# What select.poll asks a stream (py/stream.h).
_POLL = const(3)
_POLL_IN = const(1)
_POLL_OUT = const(4)
_POLL_NVAL = const(32)
_EBADF = const(9)
_EINVAL = const(22)

_devices = VfsPosix("/dev")


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    address = _board.call("net_resolve", host)
    if address is None:
        raise OSError(-202)
    return [(AF_INET, type or SOCK_STREAM, proto, "", (address, int(port)))]


class socket(IOBase):
    def __init__(self, af=AF_INET, type=SOCK_STREAM, proto=0, fileno=None):
        self._is_datagram = type == SOCK_DGRAM
        self._timeout = None
        self._peer = None
        self._file = _devices.open("/net", "r+b")

    def _open(self):
        if self._file is None:
            raise OSError(_EBADF)

    def ioctl(self, request, events):
        if request != _POLL:
            return 0
        if self._file is None:
            return _POLL_NVAL
        has_input = events & _POLL_IN and self._peer is not None and _board.call("net_available", self.fileno())
        return (_POLL_IN if has_input else 0) | (events & _POLL_OUT)

    def connect(self, address):
        self._open()
        host, port = address[0], address[1]
        host = getaddrinfo(host, port)[0][-1][0]
        error = _board.call("net_connect", self.fileno(), host, port, self._is_datagram)
        if error:
            raise OSError(error)
        self._peer = (host, port)

    def send(self, data):
        self._open()
        if self._peer is None:
            raise OSError(_ENOTCONN)
        # One call, one datagram.
        return self._file.write(data)

    def write(self, data, size=None):
        return self.send(data if size is None else data[:size])

    def sendall(self, data):
        self.send(data)

    def sendto(self, data, address):
        self.connect(address)
        return self.send(data)

    # Waits for something to read, as long as the timeout allows. Returns how much there is: 0 at the end.
    def _wait(self):
        began = time.ticks_ms()
        while True:
            available = _board.call("net_available", self.fileno())
            if available:
                return max(0, available)
            if self._timeout == 0:
                raise OSError(_EAGAIN)
            if self._timeout is not None and time.ticks_diff(time.ticks_ms(), began) >= self._timeout:
                raise OSError(_ETIMEDOUT)
            time.sleep_ms(10)

    def recv(self, size, flags=0):
        self._open()
        if self._peer is None and not self._is_datagram:
            raise OSError(_ENOTCONN)
        return self._file.read(min(size, self._wait()))

    def recvfrom(self, size, flags=0):
        return self.recv(size), self._peer

    def read(self, size=-1):
        parts = []
        while size != 0:
            part = self.recv(512 if size < 0 else min(512, size))
            if not part:
                break
            parts.append(part)
            size -= len(part) if size > 0 else 0
        return b"".join(parts)

    def readinto(self, buffer, size=None):
        data = self.read(len(buffer) if size is None else size)
        buffer[: len(data)] = data
        return len(data)

    def readline(self):
        line = b""
        while not line.endswith(b"\n"):
            char = self.recv(1)
            if not char:
                break
            line += char
        return line

    def makefile(self, mode="rb", buffering=0):
        return self

    # Nobody comes from outside: who waits for a connection waits for as long as the timeout allows.
    def bind(self, address):
        pass

    def listen(self, backlog=2):
        pass

    def accept(self):
        self._wait()

    def setsockopt(self, level, option, value):
        pass

    def settimeout(self, seconds):
        self._timeout = None if seconds is None else int(seconds * 1000)

    def setblocking(self, blocking):
        self._timeout = None if blocking else 0

    def fileno(self):
        return -1 if self._file is None else self._file.fileno()

    def close(self):
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()
