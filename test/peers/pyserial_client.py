"""pyserial as a client of an RFC 2217 server: lines, rates and data, as JSON."""
import json
import sys
import time

import serial


def read_until(port, end, seconds=5):
    said, deadline = b"", time.monotonic() + seconds
    while end not in said and time.monotonic() < deadline:
        said += port.read(port.in_waiting or 1)
    return said.decode("latin1")


report = {}
port = serial.serial_for_url(sys.argv[1], do_not_open=True, timeout=0.2)
port.baudrate = 115200
port.dtr = False
port.rts = False
port.open()

port.write(b"\r\x03\x01")
report["raw"] = read_until(port, b"exit\r\n>")
everything = bytes(range(256)) * 4
port.write(
    b"import sys, micropython\nmicropython.kbd_intr(-1)\nsys.stdout.write('ready')\nfor i in range(8):\n"
    b" sys.stdout.buffer.write(sys.stdin.buffer.read(128))\nmicropython.kbd_intr(3)\x04"
)
read_until(port, b"ready")
echoed = b""
for at in range(0, 1024, 128):
    port.write(everything[at : at + 128])
    while len(echoed) < at + 128:
        got = port.read(128)
        if not got:
            break
        echoed += got
report["echoed"] = echoed == everything
read_until(port, b"\x04>")

# The classic circuit: RTS alone holds the chip in reset, DTR alone selects the loader.
port.rts = True
port.rts = False
report["run"] = read_until(port, b">>> ")
port.rts = True
port.dtr = True
port.rts = False
report["loader"] = read_until(port, b"waiting for download")
port.dtr = False
port.rts = True
port.rts = False
read_until(port, b">>> ")

port.baudrate = 9600
port.write(b"\x01")
time.sleep(0.2)
report["wrong_rate"] = port.read(port.in_waiting or 1).decode("latin1")
port.baudrate = 115200
port.write(b"\r\x03\x01")
report["right_rate"] = read_until(port, b"exit\r\n>")
report["modem"] = [port.cts, port.dsr, port.cd]
port.reset_input_buffer()
port.close()
print(json.dumps(report))
