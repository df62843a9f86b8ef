# What asyncio waits with: moves the clock of time.py on instead of waiting.
import time

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16


class _Poll:
    def register(self, *args):
        raise NotImplementedError("streams")

    def ipoll(self, ms, flags=0):
        if ms < 0:
            raise RuntimeError("everything waits for something that will never come")
        time.sleep_ms(ms)
        return iter(())


def poll():
    return _Poll()
