# socket: connections within the virtual network (src/sim/network/), or with net=host to this computer, with the numbers and the limits of
# the ESP32. Each one holds a file of the machine underneath, so that it ends with its object.
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
_EINPROGRESS = const(119)
_ETIMEDOUT = const(116)
_ENOTCONN = const(128)

# What select.poll asks a stream (py/stream.h).
_POLL = const(3)
_POLL_IN = const(1)
_POLL_OUT = const(4)
_POLL_ERRORS = const(24)
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
        self._bound = ("0.0.0.0", 0)
        self._file = _devices.open("/net", "r+b")

    def _open(self):
        if self._file is None:
            raise OSError(_EBADF)

    def ioctl(self, request, events):
        if request != _POLL:
            return 0
        if self._file is None:
            return _POLL_NVAL
        # What nobody is connected to can be written to, as lwIP has it.
        return (_POLL_OUT if self._peer is None else _board.call("net_poll", self.fileno())) & (events | _POLL_ERRORS)

    def connect(self, address):
        self._open()
        host, port = address[0], address[1]
        host = getaddrinfo(host, port)[0][-1][0]
        error = _board.call("net_connect", self.fileno(), host, port, self._is_datagram)
        if error == _EINPROGRESS:
            self._peer = (host, port)
            if self._timeout != 0:
                error = self._until("net_opened")
                if error:
                    self._peer = None
        if error:
            raise OSError(error)
        self._peer = (host, port)

    # One call, one datagram. What there is no room for is not sent.
    def send(self, data):
        self._open()
        if self._peer is None:
            raise OSError(_ENOTCONN)
        room = self._until("net_room")
        if room < 0:
            raise OSError(-room)
        return self._file.write(memoryview(data)[:room])

    def write(self, data, size=None):
        data = memoryview(data.encode() if isinstance(data, str) else data)
        if size is not None:
            data = data[:size]
        sent = 0
        while sent < len(data):
            try:
                sent += self.send(data[sent:])
            except OSError as error:
                if error.errno != _EAGAIN:
                    raise
                return sent or None
        return sent

    def sendall(self, data):
        data = memoryview(data.encode() if isinstance(data, str) else data)
        while data:
            data = data[self.send(data) :]

    def sendto(self, data, address):
        self.connect(address)
        return self.send(data)

    # Asks until there is an answer, as long as the timeout allows: often at first, since who is asked may be near.
    def _until(self, question):
        began = time.ticks_ms()
        while True:
            answer = _board.call(question, self.fileno())
            if answer is not None:
                return answer
            if self._timeout == 0:
                raise OSError(_EAGAIN)
            waited = time.ticks_diff(time.ticks_ms(), began)
            if self._timeout is not None and waited >= self._timeout:
                raise OSError(_ETIMEDOUT)
            time.sleep_ms(1 if waited < 50 else 10)

    # Waits for something to read. Returns how much there is: 0 at the end.
    def _wait(self):
        available = self._until("net_available")
        if available < -1:
            raise OSError(-available)
        return max(0, available)

    def recv(self, size, flags=0):
        self._open()
        if self._peer is None and not self._is_datagram:
            raise OSError(_ENOTCONN)
        return self._file.read(min(size, self._wait()))

    def recvfrom(self, size, flags=0):
        return self.recv(size), self._peer

    # None where nothing has come yet, and nobody waits for it.
    def _received(self, size):
        try:
            return self.recv(size)
        except OSError as error:
            if error.errno != _EAGAIN:
                raise
            return None

    def read(self, size=-1):
        parts = []
        while size != 0:
            part = self._received(512 if size < 0 else min(512, size))
            if part is None and not parts:
                return None
            if not part:
                break
            parts.append(part)
            size -= len(part) if size > 0 else 0
        return b"".join(parts)

    def readinto(self, buffer, size=None):
        data = self.read(len(buffer) if size is None else size)
        if data is None:
            return None
        buffer[: len(data)] = data
        return len(data)

    def readline(self):
        line = b""
        while not line.endswith(b"\n"):
            char = self._received(1)
            if char is None and not line:
                return None
            if not char:
                break
            line += char
        return line

    def makefile(self, mode="rb", buffering=0):
        return self

    def bind(self, address):
        self._open()
        self._bound = address

    # Nobody comes from outside, but with net=host from this computer.
    def listen(self, backlog=2):
        self._open()
        error = _board.call("net_listen", self.fileno(), *self._bound[:2])
        if error:
            raise OSError(error)
        self._peer = self._bound

    def accept(self):
        self._open()
        connection, host, port = self._until("net_accept")
        accepted = socket()
        _board.call("net_adopt", accepted.fileno(), connection)
        accepted._peer = (host, port)
        return accepted, accepted._peer

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
