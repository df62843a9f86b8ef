# machine's pins and what they can be: digital, analog, PWM, DAC. Their state is in the machine underneath, where other programs
# connect something to them and look what comes out (upyw sim pin, upyw sim adc). Follows ports/esp32/machine_pin.c and its kin.
from micropython import const
import _board

_numbers = tuple(range(0, 20)) + (21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39)


class Pin:
    IN = const(1)
    OUT = const(3)
    OPEN_DRAIN = const(7)
    PULL_DOWN = const(1)
    PULL_UP = const(2)
    IRQ_RISING = const(1)
    IRQ_FALLING = const(2)
    WAKE_LOW = const(4)
    WAKE_HIGH = const(5)
    DRIVE_0 = const(0)
    DRIVE_1 = const(1)
    DRIVE_2 = const(2)
    DRIVE_3 = const(3)

    _pins = {}

    def __new__(cls, id, *args, **kwargs):
        if isinstance(id, Pin):
            return id
        if id not in _numbers:
            raise ValueError("invalid pin")
        if id not in cls._pins:
            pin = super().__new__(cls)
            pin._id, pin._irq = id, None
            cls._pins[id] = pin
        return cls._pins[id]

    def __init__(self, id, mode=None, pull=-1, *, value=None, drive=None, hold=None, alt=None):
        if mode is not None or pull != -1 or value is not None:
            self.init(mode, pull, value=value)

    def init(self, mode=None, pull=-1, *, value=None, drive=None, hold=None, alt=None):
        if mode == -1:
            mode = None
        if mode is not None and mode & 2 and self._id >= 34:
            raise ValueError("pin can only be input")
        level = None if value is None else 1 if value else 0
        _board.call("pin_init", self._id, mode, 0 if pull is None else None if pull == -1 else pull, level)

    def value(self, value=None):
        if value is None:
            return _board.call("pin_level", self._id)
        _board.call("pin_set", self._id, 1 if value else 0)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def toggle(self):
        self.value(not _board.call("pin_latch", self._id))

    def irq(self, handler=None, trigger=3, wake=None, hard=False):
        if self._irq is None:
            self._irq = _Irq(self)
        self._irq._set(handler, trigger)
        return self._irq

    def __repr__(self):
        return "Pin(%d)" % self._id


# What Pin.irq() returns: calling it calls the handler.
class _Irq:
    def __init__(self, pin):
        self._pin, self._handler, self._trigger = pin, None, 0

    def _set(self, handler, trigger):
        self._handler, self._trigger = handler, trigger if handler else 0
        _board.call("pin_irq", self._pin._id, self._trigger)

    def __call__(self):
        self._handler(self._pin)

    def trigger(self, trigger=None):
        before = self._trigger
        if trigger is not None:
            self._set(self._handler, trigger)
        return before

    def flags(self):
        return 0


def _fire():
    for id in _board.call("pin_edges"):
        try:
            Pin._pins[id]._irq()
        except Exception as error:
            _board.print_exception(error)


class Signal:
    def __init__(self, pin, *args, invert=False, **kwargs):
        self._pin = pin if isinstance(pin, Pin) else Pin(pin, *args, **kwargs)
        self._invert = invert

    def value(self, value=None):
        if value is None:
            return self._pin.value() ^ self._invert
        self._pin.value(bool(value) ^ self._invert)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)


# A pin for whoever takes it away from digital use.
def _number(pin):
    return pin._id if isinstance(pin, Pin) else Pin(pin)._id


_ADC1 = {36: 0, 37: 1, 38: 2, 39: 3, 32: 4, 33: 5, 34: 6, 35: 7}
_ADC2 = {4: 0, 0: 1, 2: 2, 15: 3, 13: 4, 12: 5, 14: 6, 27: 7, 25: 8, 26: 9}

# What a converter of 1100 mV reference sees at each attenuation: millivolts at zero, and the range of 4096 steps above them. The
# curve of an average chip, as ESP-IDF's calibration has it (esp_adc_cal: 57431, 76236, 105481, 196602 * 1100 / 65536).
_CURVES = ((75, 963.97), (78, 1279.61), (107, 1770.47), (142, 3299.91))
_STEPS = const(4096)
# As a potentiometer in its middle would have it, where nothing is connected.
_FLOATING_MV = const(1650)


class ADC:
    ATTN_0DB = const(0)
    ATTN_2_5DB = const(1)
    ATTN_6DB = const(2)
    ATTN_11DB = const(3)
    WIDTH_9BIT = const(9)
    WIDTH_10BIT = const(10)
    WIDTH_11BIT = const(11)
    WIDTH_12BIT = const(12)

    _bits = {1: 12, 2: 12}

    def __init__(self, pin, *, atten=3, sample_ns=None):
        self._id = _number(pin)
        if self._id not in _ADC1 and self._id not in _ADC2:
            raise ValueError("invalid pin")
        self._block = 1 if self._id in _ADC1 else 2
        self.init(atten=atten)

    def init(self, *, atten=3):
        _board.call("pin_init", self._id, 8, None, None)
        self._bits[self._block] = 12
        self.atten(atten)

    def deinit(self):
        _board.call("pin_init", self._id, 0, None, None)

    def atten(self, atten):
        if not 0 <= atten <= 3:
            raise ValueError("invalid attenuation")
        self._atten = atten

    # Up to v1.18 the widths were numbered from 0.
    def width(self, bits):
        if bits < 4:
            bits += 9
        if not 9 <= bits <= 12:
            raise ValueError("invalid bit-width")
        self._bits[self._block] = bits

    def block(self):
        return ADCBlock(self._block)

    def _raw(self):
        # ADC2 belongs to Wi-Fi while that is switched on.
        if self._block == 2 and _board.call("wifi_active", None):
            raise OSError(116, "ESP_ERR_TIMEOUT")
        mv = _board.call("pin_mv", self._id)
        lowest, span = _CURVES[self._atten]
        raw = int(((_FLOATING_MV if mv is None else mv) - lowest) * _STEPS / span + 0.5)
        return max(0, min(_STEPS - 1, raw))

    def read(self):
        return self._raw() >> (12 - self._bits[self._block])

    def read_u16(self):
        bits = self._bits[self._block]
        raw = self.read()
        return raw << (16 - bits) | raw >> (2 * bits - 16)

    def read_uv(self):
        lowest, span = _CURVES[self._atten]
        drop = 12 - self._bits[self._block]
        return int(lowest + (self._raw() >> drop << drop) * span / _STEPS + 0.5) * 1000

    def __repr__(self):
        return "ADC(Pin(%d), atten=%d)" % (self._id, self._atten)


class ADCBlock:
    def __init__(self, id, *, bits=None):
        if id not in (1, 2):
            raise ValueError("invalid block id")
        self._block = id
        self.init(bits=bits)

    def init(self, *, bits=None):
        if bits is not None:
            ADC._bits[self._block] = bits

    def connect(self, channel, pin=None):
        pins = _ADC1 if self._block == 1 else _ADC2
        if isinstance(channel, Pin):
            return ADC(channel)
        found = [number for number in pins if pins[number] == channel]
        if not found:
            raise ValueError("no matching ADC")
        return ADC(Pin(found[0]))


class DAC:
    def __init__(self, pin):
        self._id = _number(pin)
        if self._id not in (25, 26):
            raise ValueError("invalid Pin for DAC")
        self.write(0)

    def write(self, value):
        if not 0 <= value <= 255:
            raise ValueError("value out of range")
        _board.call("pin_dac", self._id, value * 3300 // 255)


class TouchPad:
    def __init__(self, pin):
        pass

    def read(self):
        return 500

    def config(self, value):
        pass


class PWM:
    def __init__(self, pin, freq=5000, duty=None, *, duty_u16=None, duty_ns=None, invert=0):
        self._id = _number(pin)
        if self._id >= 34:
            raise ValueError("invalid pin")
        self._freq, self._duty, self._invert = freq, 32768, invert
        self.init(freq, duty, duty_u16=duty_u16, duty_ns=duty_ns, invert=invert)

    def init(self, freq=None, duty=None, *, duty_u16=None, duty_ns=None, invert=None):
        if invert is not None:
            self._invert = invert
        if freq is not None:
            self._set_freq(freq)
        if duty is not None:
            self._duty = duty << 6
        if duty_u16 is not None:
            self._duty = duty_u16
        if duty_ns is not None:
            self._duty = duty_ns * self._freq * 65536 // 1000000000
        self._tell()

    def deinit(self):
        _board.call("pin_init", self._id, 0, None, None)

    def freq(self, hz=None):
        if hz is None:
            return self._freq
        self._set_freq(hz)
        self._tell()

    def duty(self, duty=None):
        if duty is None:
            return self._duty >> 6
        self.init(duty=duty)

    def duty_u16(self, duty=None):
        if duty is None:
            return self._duty
        self.init(duty_u16=duty)

    def duty_ns(self, duty=None):
        if duty is None:
            return self._duty * 1000000000 // self._freq // 65536
        self.init(duty_ns=duty)

    def _set_freq(self, hz):
        if not 0 < hz <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        self._freq = hz

    def _tell(self):
        duty = max(0, min(65536, self._duty))
        _board.call("pin_pwm", self._id, self._freq, 65536 - duty if self._invert else duty)

    def __repr__(self):
        return "PWM(Pin(%d), freq=%d, duty_u16=%d)" % (self._id, self._freq, self._duty)
