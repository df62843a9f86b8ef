# Pins whose levels follow a script on the clock of time.py, as a finger would press them, and an ADC that shows one voltage.
import time

_pins = {}
volts = 1.65
wifi_uses_adc2 = False


class Pin:
    IN = 1
    OUT = 3
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2

    def __new__(cls, number, mode=None, pull=None):
        if number not in _pins:
            pin = super().__new__(cls)
            pin.number, pin.level, pin.set, pin.handler = number, 1, [], None
            _pins[number] = pin
        return _pins[number]

    def __init__(self, number, mode=None, pull=None):
        self.mode, self.pull = mode, pull

    def value(self, level=None):
        if level is None:
            return self.level
        self.set.append((time.elapsed(), level))
        self.level = level

    def irq(self, handler=None, trigger=3):
        self.handler, self.trigger = handler, trigger

    def script(self, *levels):
        """The level from so many ms on: (100, 0), (180, 1)."""
        for ms, level in levels:
            time.at(ms, self._drive, level)

    def _drive(self, level):
        edge = Pin.IRQ_FALLING if self.level > level else Pin.IRQ_RISING
        changed = self.level != level
        self.level = level
        if changed and self.handler and edge & self.trigger:
            self.handler(self)

    def __repr__(self):
        return "Pin(%d)" % self.number


class ADC:
    ATTN_11DB = 3

    def __init__(self, pin):
        self._pin = pin
        self._full = 1.1

    def atten(self, atten):
        self._full = 3.3 if atten == ADC.ATTN_11DB else 1.1

    def read(self):
        if wifi_uses_adc2 and self._pin.number < 32:
            raise OSError("ESP_ERR_TIMEOUT")
        return min(4095, int(4095 * volts / self._full))

    def read_uv(self):
        return int(1000000 * min(volts, self._full))
