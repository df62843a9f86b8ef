"""An RFC 2217 server made of pyserial's own parts (serial.rfc2217.PortManager) around its loop:// port, which sends
back what it is sent. Prints one JSON line for its TCP port and one for each change of line or rate."""

import json
import socket
import threading

import serial
import serial.rfc2217
import serial.urlhandler.protocol_loop as loop


def tell(**event):
    print(json.dumps(event), flush=True)


class Wire(loop.Serial):
    def _update_dtr_state(self):
        super()._update_dtr_state()
        tell(dtr=self._dtr_state)

    def _update_rts_state(self):
        super()._update_rts_state()
        tell(rts=self._rts_state)

    def _reconfigure_port(self):
        super()._reconfigure_port()
        tell(baudRate=self._baudrate, byteSize=self._bytesize, parity=self._parity, stopBits=self._stopbits)


class Connection:
    def __init__(self, client):
        self.client = client
        self.lock = threading.Lock()

    def write(self, data):
        with self.lock:
            self.client.sendall(data)


def serve(client):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire = Wire("loop://", timeout=0.1)
    connection = Connection(client)
    manager = serial.rfc2217.PortManager(wire, connection)

    def send_back():
        try:
            while True:
                data = wire.read(wire.in_waiting or 1)
                if data:
                    connection.write(b"".join(manager.escape(data)))
        except OSError:
            pass

    threading.Thread(target=send_back, daemon=True).start()
    while True:
        data = client.recv(4096)
        if not data:
            break
        wire.write(b"".join(manager.filter(data)))
    tell(dtr=wire.dtr, rts=wire.rts, gone=True)
    client.close()


listener = socket.create_server(("127.0.0.1", 0))
tell(tcpPort=listener.getsockname()[1])
while True:
    serve(listener.accept()[0])
