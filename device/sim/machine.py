# machine: the chip's peripherals as far as workshop code needs them. Pins and analog inputs (_pins.py) are what is connected to them
# from outside; buses find no device. Resets, timers, the clock, the UART's registers and the id are real.
from micropython import const, schedule
import _board
import _pins
import sys
import utime as time

PWRON_RESET = const(1)
HARD_RESET = const(2)
WDT_RESET = const(3)
DEEPSLEEP_RESET = const(4)
SOFT_RESET = const(5)
EXT0_WAKE = const(2)
EXT1_WAKE = const(3)
TIMER_WAKE = const(4)
TOUCHPAD_WAKE = const(5)
ULP_WAKE = const(6)

_causes = {
    "power-on": PWRON_RESET,
    "external": PWRON_RESET,
    "software": HARD_RESET,
    "watchdog": WDT_RESET,
    "deep-sleep": DEEPSLEEP_RESET,
}


def reset():
    _board.call("reset", "software", 0)


def soft_reset():
    sys.exit()


def reset_cause():
    return SOFT_RESET if _board.call("was_soft_reset") else _causes[_board.call("reset_reason")]


def wake_reason():
    return TIMER_WAKE if _board.call("reset_reason") == "deep-sleep" else 0


def deepsleep(time_ms=0):
    _board.call("reset", "deep-sleep", time_ms if time_ms > 0 else 2000000000)


def lightsleep(time_ms=0):
    time.sleep_ms(time_ms)


def idle():
    time.sleep_ms(1)


def unique_id():
    return bytes(_board.call("mac"))


def freq(hz=None):
    if hz is None:
        return _board.call("cpu_mhz") * 1000000
    if hz not in (20000000, 40000000, 80000000, 160000000, 240000000):
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    _board.call("cpu_mhz", hz // 1000000)


def disable_irq():
    return 1


def enable_irq(state):
    pass


def time_pulse_us(pin, level, timeout_us=1000000):
    return -2


def bitstream(pin, encoding, timing, data):
    pass


# Memory: UART0's clock registers are there, everything else keeps what is written to it.
_UART_CLKDIV = const(0x3FF40014)
_UART_CONF0 = const(0x3FF40020)


class _Memory:
    def __init__(self, size):
        self._size = size
        self._mask = (1 << (8 * size)) - 1
        self._values = {}

    def __repr__(self):
        return "<%d-bit memory>" % (8 * self._size)

    def _check(self, address):
        if not isinstance(address, int):
            raise TypeError("can't convert %s to int" % type(address).__name__)
        if address % self._size:
            raise ValueError("address %08x is not aligned to %d bytes" % (address, self._size))

    def __getitem__(self, address):
        self._check(address)
        if address == _UART_CLKDIV:
            return _board.call("uart")[0] & self._mask
        if address == _UART_CONF0:
            return _board.call("uart")[1] & self._mask
        return self._values.get(address, 0)

    def __setitem__(self, address, value):
        self._check(address)
        value &= self._mask
        if address == _UART_CLKDIV:
            _board.call("set_uart", value, _board.call("uart")[1])
        elif address == _UART_CONF0:
            _board.call("set_uart", _board.call("uart")[0], value)
        else:
            self._values[address] = value


mem8 = _Memory(1)
mem16 = _Memory(2)
mem32 = _Memory(4)


from _pins import Pin, Signal, ADC, ADCBlock, DAC, PWM, TouchPad


class I2C:
    def __init__(self, id=-1, *, scl=None, sda=None, freq=400000, timeout=50000):
        pass

    def init(self, *args, **kwargs):
        pass

    def scan(self):
        return []

    def _no_device(self, *args, **kwargs):
        raise OSError(19)

    readfrom = readfrom_into = writeto = writevto = _no_device
    readfrom_mem = readfrom_mem_into = writeto_mem = _no_device


SoftI2C = I2C


class SPI:
    MSB = const(0)
    LSB = const(1)

    def __init__(self, id=-1, *args, **kwargs):
        pass

    def init(self, *args, **kwargs):
        pass

    def deinit(self):
        pass

    def read(self, size, write=0):
        return b"\xff" * size

    def readinto(self, buffer, write=0):
        for at in range(len(buffer)):
            buffer[at] = 0xFF

    def write(self, buffer):
        pass

    def write_readinto(self, buffer, target):
        self.readinto(target)


SoftSPI = SPI


class UART:
    INV_TX = const(0)
    INV_RX = const(0)

    def __init__(self, id, baudrate=115200, **kwargs):
        if id not in (0, 1, 2):
            raise ValueError("UART(%d) does not exist" % id)

    def init(self, baudrate=115200, **kwargs):
        pass

    def deinit(self):
        pass

    def any(self):
        return 0

    def read(self, size=-1):
        return None

    def readline(self):
        return None

    def readinto(self, buffer, size=-1):
        return None

    def write(self, buffer):
        return len(buffer)

    def flush(self):
        pass

    def txdone(self):
        return True


class Timer:
    ONE_SHOT = const(0)
    PERIODIC = const(1)

    _running = []

    def __init__(self, id=-1, **kwargs):
        self._id = id
        if kwargs:
            self.init(**kwargs)

    def init(self, *, mode=1, period=-1, freq=None, callback=None, hard=False):
        self.deinit()
        self._period = int(1000 / freq) if freq is not None else period
        self._periodic = mode == self.PERIODIC
        self._callback = callback
        self._due = time.ticks_add(time.ticks_ms(), self._period)
        Timer._running.append(self)
        Timer._tell()

    def deinit(self):
        if self in Timer._running:
            Timer._running.remove(self)
            Timer._tell()

    def value(self):
        return self._period - max(0, time.ticks_diff(self._due, time.ticks_ms()))

    @staticmethod
    def _tell():
        now = time.ticks_ms()
        waits = [time.ticks_diff(timer._due, now) for timer in Timer._running]
        _board.call("timer", max(0, min(waits)) if waits else -1)

    @staticmethod
    def _fire():
        now = time.ticks_ms()
        for timer in [each for each in Timer._running if time.ticks_diff(each._due, now) <= 0]:
            if timer._periodic:
                # In step with its beginning; what was missed meanwhile is missed.
                period = max(1, timer._period)
                late = time.ticks_diff(now, timer._due)
                timer._due = time.ticks_add(timer._due, (late // period + 1) * period)
            else:
                Timer._running.remove(timer)
            try:
                if timer._callback:
                    timer._callback(timer)
            except Exception as error:
                _board.print_exception(error)
        Timer._tell()


# The machine underneath has this run when a timer is due or a pin has changed, be the program waiting or busy. A callback that waits
# is not called from within itself.
def _run_due(_):
    global _is_running
    _board.call("callbacks_run")
    if _is_running:
        return
    _is_running = True
    try:
        _pins._fire()
        Timer._fire()
    finally:
        _is_running = False


_is_running = False
_board.call("callbacks", id(schedule), id(_run_due))


class RTC:
    def datetime(self, value=None):
        if value is None:
            year, month, day, hour, minute, second, weekday, _ = time.gmtime()
            return (year, month, day, weekday, hour, minute, second, 0)
        year, month, day, _, hour, minute, second, _ = value
        _board.set_clock(time.mktime((year, month, day, hour, minute, second, 0, 0)))

    def init(self, value):
        self.datetime(value)

    def memory(self, data=None):
        global _rtc_memory
        if data is None:
            return _rtc_memory
        _rtc_memory = bytes(data)


_rtc_memory = b""


class WDT:
    def __init__(self, id=0, timeout=5000):
        pass

    def feed(self):
        pass


class SDCard:
    def __init__(self, *args, **kwargs):
        raise OSError(16)
