# Answers when asked the time, after `failures` times of not answering.
import time

host = "pool.ntp.org"
failures = 0


def settime():
    global failures
    time.sleep_ms(1000 if failures else 40)
    if failures:
        failures -= 1
        raise OSError(116)
    time.set_clock(1795405785)
