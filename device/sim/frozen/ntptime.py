# ntptime: asks the virtual network's time server, as the library of the same name asks a real one.
import machine
import socket
import struct
import time as _clock

host = "pool.ntp.org"
timeout = 1

# From 1900, where NTP begins, to 2000.
_DELTA = 3155673600


def time():
    address = socket.getaddrinfo(host, 123)[0][-1]
    question = bytearray(48)
    question[0] = 0x1B
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.settimeout(timeout)
        connection.sendto(question, address)
        answer = connection.recv(48)
    return struct.unpack("!I", answer[40:44])[0] - _DELTA


def settime():
    year, month, day, hour, minute, second, weekday, _ = _clock.gmtime(time())
    machine.RTC().datetime((year, month, day, weekday + 1, hour, minute, second, 0))
