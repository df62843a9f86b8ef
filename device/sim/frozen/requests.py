# requests: HTTP for the virtual network, with the interface, the errors and the habits of the library of the same name (HTTP/1.0, a
# response that keeps its socket until it is read or closed).
import socket


class Response:
    def __init__(self, connection):
        self.raw = connection
        self.encoding = "utf-8"
        self._content = None

    def close(self):
        if self.raw:
            self.raw.close()
            self.raw = None
        self._content = None

    @property
    def content(self):
        if self._content is None:
            try:
                self._content = self.raw.read()
            finally:
                self.raw.close()
                self.raw = None
        return self._content

    @property
    def text(self):
        return str(self.content, self.encoding)

    def json(self):
        import json

        return json.loads(self.content)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def request(
    method, url, data=None, json=None, headers=None, stream=None, auth=None, timeout=None, parse_headers=True
):
    is_secure, host, port, path = _split(url)
    headers, data = _complete(host, dict(headers or {}), data, json, auth)
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    connection = socket.socket(family, kind, protocol)
    if timeout is not None:
        connection.settimeout(timeout)
    try:
        connection.connect(address)
        if is_secure:
            connection = _secured(connection, host)
        _send(connection, method, path, headers, data)
        response = Response(connection)
        response.status_code, response.reason = _status(connection.readline())
        received = _headers(connection)
    except OSError:
        connection.close()
        raise
    if parse_headers:
        response.headers = received
    return response


def _split(url):
    scheme, _, host, *rest = url.split("/", 3)
    if scheme not in ("http:", "https:"):
        raise ValueError("Unsupported protocol: " + scheme)
    host, *port = host.split(":", 1)
    return scheme == "https:", host, int(port[0]) if port else 443 if scheme == "https:" else 80, "".join(rest)


def _complete(host, headers, data, json, auth):
    headers.setdefault("Host", host)
    if auth is not None:
        from binascii import b2a_base64

        headers["Authorization"] = "Basic " + b2a_base64(("%s:%s" % auth).encode()).decode().strip()
    if json is not None:
        from json import dumps

        data = dumps(json)
        headers.setdefault("Content-Type", "application/json")
    if isinstance(data, str):
        data = data.encode()
    if hasattr(data, "__next__"):
        headers.setdefault("Transfer-Encoding", "chunked")
    elif data:
        headers.setdefault("Content-Length", str(len(data)))
    return headers, data


def _secured(connection, host):
    import ssl

    return ssl.wrap_socket(connection, server_hostname=host)


def _send(connection, method, path, headers, data):
    connection.write(("%s /%s HTTP/1.0\r\n" % (method, path)).encode())
    for name in headers:
        connection.write(("%s: %s\r\n" % (name, headers[name])).encode())
    connection.write(b"\r\n")
    if not hasattr(data, "__next__"):
        connection.write(data or b"")
        return
    for chunk in data:
        connection.write(b"%x\r\n" % len(chunk))
        connection.write(chunk)
        connection.write(b"\r\n")
    connection.write(b"0\r\n\r\n")


def _status(line):
    parts = line.split(None, 2)
    return int(parts[1]), parts[2].rstrip() if len(parts) > 2 else b""


def _headers(connection):
    headers = {}
    while True:
        line = connection.readline()
        if not line or line == b"\r\n":
            return headers
        name, value = line.decode().split(":", 1)
        headers[name] = value.strip()


def head(url, **kw):
    return request("HEAD", url, **kw)


def get(url, **kw):
    return request("GET", url, **kw)


def post(url, **kw):
    return request("POST", url, **kw)


def put(url, **kw):
    return request("PUT", url, **kw)


def patch(url, **kw):
    return request("PATCH", url, **kw)


def delete(url, **kw):
    return request("DELETE", url, **kw)
