# Streams: sockets, UARTs and the console, for tasks. Each wait is the scheduler's (core.IOQueue); the stream itself never blocks.
from . import core


def _readable(stream):
    yield core._io_queue.queue_read(stream)


def _writable(stream):
    yield core._io_queue.queue_write(stream)


class Stream:
    def __init__(self, s, e={}):
        self.s = s
        self.e = e
        self.out_buf = b""

    def get_extra_info(self, name):
        return self.e[name]

    def close(self):
        pass

    async def wait_closed(self):
        self.s.close()

    # With n < 0: everything up to the end.
    async def read(self, n=-1):
        whole = b""
        while True:
            await _readable(self.s)
            part = self.s.read(n)
            if part is None:
                continue
            if n >= 0:
                return part
            if not part:
                return whole
            whole += part

    async def readinto(self, buf):
        await _readable(self.s)
        return self.s.readinto(buf)

    async def readexactly(self, n):
        whole = b""
        while len(whole) < n:
            await _readable(self.s)
            part = self.s.read(n - len(whole))
            if part is None:
                continue
            if not part:
                raise EOFError
            whole += part
        return whole

    async def readline(self):
        line = b""
        while True:
            await _readable(self.s)
            part = self.s.readline()
            if part is None:
                continue
            line += part
            if not part or line[-1] == 10:
                return line

    # What the stream does not take at once waits for drain().
    def write(self, buf):
        if not self.out_buf:
            taken = self.s.write(buf)
            if taken == len(buf):
                return
            if taken is not None:
                buf = buf[taken:]
        self.out_buf += buf

    async def drain(self):
        if not self.out_buf:
            # So that a task that only writes lets others run.
            return await core.sleep_ms(0)
        rest = memoryview(self.out_buf)
        while rest:
            await _writable(self.s)
            taken = self.s.write(rest)
            if taken is not None:
                rest = rest[taken:]
        self.out_buf = b""


# Names from before it was like CPython's.
Stream.aclose = Stream.wait_closed


async def _awrite(self, buf, off=0, sz=-1):
    if off or sz >= 0:
        buf = memoryview(buf)[off : len(buf) if sz < 0 else off + sz]
    self.write(buf)
    await self.drain()


Stream.awrite = Stream.awritestr = _awrite
StreamReader = StreamWriter = Stream


def _context(ssl, is_server):
    if ssl is not True:
        return ssl
    import ssl as module

    if is_server:
        raise ValueError("ssl=True is for clients")
    context = module.SSLContext(module.PROTOCOL_TLS_CLIENT)
    context.verify_mode = module.CERT_NONE
    return context


async def open_connection(host, port, ssl=None, server_hostname=None):
    import socket
    from errno import EINPROGRESS

    family, kind, proto, _, address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    connection = socket.socket(family, kind, proto)
    connection.setblocking(False)
    try:
        connection.connect(address)
    except OSError as error:
        if error.errno != EINPROGRESS:
            raise
    await _writable(connection)
    if ssl:
        context = _context(ssl, False)
        connection = context.wrap_socket(
            connection, server_hostname=server_hostname or host, do_handshake_on_connect=False
        )
        connection.setblocking(False)
    stream = Stream(connection)
    return stream, stream


class Server:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        self.close()
        await self.wait_closed()

    def close(self):
        # Cancels the task that waits for clients, who is told by this that it was meant.
        self.state = True
        self.task.cancel()

    async def wait_closed(self):
        await self.task

    async def _serve(self, listener, callback, ssl):
        self.state = False
        while True:
            try:
                await _readable(listener)
            except core.CancelledError as error:
                listener.close()
                if self.state:
                    return
                raise error
            try:
                client, address = listener.accept()
                if ssl:
                    client = ssl.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
            except Exception:
                # Gone again meanwhile, or no TLS: that is the client's to see to.
                continue
            client.setblocking(False)
            stream = Stream(client, {"peername": address})
            core.create_task(callback(stream, stream))


async def start_server(callback, host, port, backlog=5, ssl=None):
    import socket

    listener = socket.socket()
    listener.setblocking(False)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(socket.getaddrinfo(host, port)[0][-1])
    listener.listen(backlog)
    server = Server()
    server.task = core.create_task(server._serve(listener, callback, _context(ssl, True)))
    try:
        # The task begins before anybody can close the server.
        await core.sleep_ms(0)
    except core.CancelledError:
        server.task.cancel()
        raise
    return server
