# socket: names and addresses as on a board; no connection ever comes about.
from micropython import const
import network

AF_INET = const(2)
AF_INET6 = const(10)
SOCK_STREAM = const(1)
SOCK_DGRAM = const(2)
SOL_SOCKET = const(0xFFF)
SO_REUSEADDR = const(4)
SO_BROADCAST = const(32)
IPPROTO_TCP = const(6)
IPPROTO_UDP = const(17)

_EAGAIN = const(11)
_EHOSTUNREACH = const(113)


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    if not network._is_online() and host not in ("0.0.0.0", "127.0.0.1", "localhost"):
        raise OSError(-202)
    address = host if host.replace(".", "").isdigit() else "192.0.2.1"
    return [(AF_INET, type or SOCK_STREAM, proto, "", (address, int(port)))]


class socket:
    def __init__(self, af=AF_INET, type=SOCK_STREAM, proto=0):
        pass

    def connect(self, address):
        raise OSError(_EHOSTUNREACH)

    def bind(self, address):
        pass

    def listen(self, backlog=2):
        pass

    def accept(self):
        raise OSError(_EAGAIN)

    def setsockopt(self, level, option, value):
        pass

    def settimeout(self, seconds):
        pass

    def setblocking(self, blocking):
        pass

    def sendto(self, data, address):
        raise OSError(_EHOSTUNREACH)

    def send(self, data):
        raise OSError(_EHOSTUNREACH)

    sendall = write = send

    def recv(self, size):
        raise OSError(_EAGAIN)

    recvfrom = read = recv

    def fileno(self):
        return 0

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()
