# tls: nothing is encrypted, because nothing leaves the board; keys and certificates must be some, and who does not speak TLS is no peer.
from micropython import const
from ubinascii import hexlify
from uio import IOBase
import usocket
import _board

PROTOCOL_TLS_CLIENT = const(0)
PROTOCOL_TLS_SERVER = const(1)
CERT_NONE = const(0)
CERT_OPTIONAL = const(1)
CERT_REQUIRED = const(2)
MBEDTLS_VERSION = "Mbed TLS 3.6.2"

_CONN_EOF = const(-0x7280)
_EBADF = const(9)
_EINVAL = const(22)
# Requests to a stream, and the answer of one that is closed (py/stream.h).
_POLL = const(3)
_CLOSE = const(4)
_POLL_NVAL = const(32)


def _check(kind, data):
    if data is None:
        raise TypeError("can't convert 'NoneType' object to str implicitly")
    data = data.encode() if isinstance(data, str) else data
    if not _board.call("tls_check", kind, hexlify(data).decode()):
        raise ValueError("invalid " + kind)


class SSLSocket(IOBase):
    def __init__(self, sock):
        self._sock = sock

    def __repr__(self):
        return "<SSLSocket>"

    def _open(self):
        if self._sock is None:
            raise OSError(_EBADF)
        if not isinstance(self._sock, usocket.socket):
            raise OSError(_CONN_EOF, "MBEDTLS_ERR_SSL_CONN_EOF")
        return self._sock

    def read(self, size=-1):
        return self._open().read(size)

    def readinto(self, buffer, size=None):
        return self._open().readinto(buffer, len(buffer) if size is None else size)

    def readline(self):
        return self._open().readline()

    def write(self, data):
        return self._open().write(data)

    def ioctl(self, request, argument):
        if request == _CLOSE:
            self.close()
            return 0
        if request != _POLL:
            raise OSError(_EINVAL)
        return _POLL_NVAL if self._sock is None else self._open().ioctl(request, argument)

    def setblocking(self, blocking):
        self._sock.setblocking(blocking)

    def getpeercert(self, binary_form=False):
        return None

    def cipher(self):
        return ("TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256", "TLSv1.2")

    def close(self):
        sock, self._sock = self._sock, None
        if sock is None:
            return
        if hasattr(sock, "close"):
            sock.close()
        else:
            sock.ioctl(_CLOSE, 0)


class SSLContext:
    def __init__(self, protocol):
        self.verify_mode = CERT_NONE if protocol == PROTOCOL_TLS_SERVER else CERT_REQUIRED

    # As a C type: what it does not have cannot be set.
    def __setattr__(self, name, value):
        if name not in ("verify_mode", "verify_callback"):
            raise AttributeError(name)
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        raise AttributeError(name)

    def load_cert_chain(self, cert, key):
        _check("key", key)
        _check("cert", cert)

    def load_verify_locations(self, cadata=None):
        _check("cert", cadata)

    def wrap_socket(self, sock, *, server_side=False, do_handshake_on_connect=True, server_hostname=None):
        wrapped = SSLSocket(sock)
        if do_handshake_on_connect:
            wrapped._open()
        return wrapped
