# tls: nothing is encrypted, because nothing leaves the board; what wraps a socket gives it back.
from micropython import const

CERT_NONE = const(0)
CERT_OPTIONAL = const(1)
CERT_REQUIRED = const(2)
PROTOCOL_TLS_CLIENT = const(0)
PROTOCOL_TLS_SERVER = const(1)
MBEDTLS_VERSION = "Mbed TLS 3.6.2"


class SSLContext:
    def __init__(self, protocol):
        self.verify_mode = CERT_NONE if protocol == PROTOCOL_TLS_SERVER else CERT_REQUIRED

    def wrap_socket(self, sock, *, server_side=False, do_handshake_on_connect=True, server_hostname=None):
        return sock

    def load_cert_chain(self, cert, key):
        pass

    def load_verify_locations(self, cadata=None):
        pass


def wrap_socket(sock, server_side=False, key=None, cert=None, cert_reqs=CERT_NONE, cadata=None, server_hostname=None, do_handshake=True):
    return sock
