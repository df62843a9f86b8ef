"""The workshop's first steps with pins: an LED, buttons, an analog input.

    import io
    io.blink()
    io.test_blocking_input()

It is also still MicroPython's own io: StringIO, BytesIO, IOBase, open and whatever else that has are here too, so asyncio
and the libraries that `import io` and find this file lose nothing. MicroPython looks for a file before it takes its own
module (v1.19 to today), and gives its own under the old name uio. Where nothing is found in the board's folders, `import io`
is MicroPython's own: the demos are missing then, nothing else.

The pins are those of config.py (pin_led, pin_btn1, pin_btn2, pin_adc), or the numbers below. The buttons connect
their pin with GND. Each demo runs until Ctrl-C, or for a number of seconds: io.test_blocking_input(10).
"""

# Nothing else is imported, and nothing done, until a demo is called: libraries that want only StringIO pay little.
from uio import *

_DEFAULT_PINS = {"pin_led": 2, "pin_btn1": 18, "pin_btn2": 19, "pin_adc": 34}
# Pins of the second analog converter, which Wi-Fi needs for itself.
_ADC2_PINS = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27)
_BOUNCE_MS = 50


def blink(times=5, pause_ms=500, pin=None):
    """Switches the LED on and off."""
    import time
    from machine import Pin

    number = _number("pin_led", pin)
    led = Pin(number, Pin.OUT)
    try:
        for _ in range(times):
            led.value(1)
            print("LED on pin %d: on" % number)
            time.sleep_ms(pause_ms)
            led.value(0)
            print("LED on pin %d: off" % number)
            time.sleep_ms(pause_ms)
    finally:
        led.value(0)


def test_blocking_input(seconds=None):
    """Looks at both buttons ten times a second. Nothing else happens meanwhile, and a quicker press is missed."""
    import time

    buttons = _buttons()
    was_pressed = {}
    for _ in _ticks(seconds, 100):
        for number, button in buttons:
            # A pressed button connects the pin with GND: the value is 0.
            is_pressed = button.value() == 0
            if was_pressed.get(number) != is_pressed:
                was_pressed[number] = is_pressed
                _tell(number, "pressed" if is_pressed else "released")
        time.sleep_ms(100)


def test_non_blocking_irq(seconds=None):
    """Lets the buttons interrupt a program that does something else: it counts the seconds."""
    import time

    last = {}

    def on_press(number):
        now = time.ticks_ms()
        # A contact bounces: of several interrupts in a row the first one is the press.
        if number not in last or time.ticks_diff(now, last[number]) > _BOUNCE_MS:
            _tell(number, "interrupt")
        last[number] = now

    buttons = _buttons()
    for number, button in buttons:
        button.irq(handler=lambda pin, number=number: on_press(number), trigger=button.IRQ_FALLING)
    try:
        for second in _ticks(seconds, 1000):
            print("tick" if second % 2 == 0 else "tock")
            time.sleep_ms(1000)
    finally:
        for _, button in buttons:
            button.irq(handler=None)


def test_non_blocking_asyncio(seconds=None):
    """Watches the buttons in tasks of their own (aswitch.py): presses, releases, double clicks, long presses."""
    from aswitch import Pushbutton, asyncio

    async def main():
        for number, button in _buttons():
            watched = Pushbutton(button, suppress=True, sense=1)
            watched.press_func(_tell, (number, "pressed"))
            watched.release_func(_tell, (number, "released"))
            watched.double_func(_tell, (number, "double-clicked"))
            watched.long_func(_tell, (number, "long-pressed"))
        for second in _ticks(seconds, 1000):
            print("tick" if second % 2 == 0 else "tock")
            await asyncio.sleep_ms(1000)

    try:
        asyncio.run(main())
    finally:
        # The tasks that watch the buttons end with it.
        asyncio.new_event_loop()


def read_adc(pin=None):
    """Measures once. Returns what the converter counted, 0 to 4095, and the calibrated voltage."""
    from machine import ADC, Pin

    number = _number("pin_adc", pin)
    try:
        adc = ADC(Pin(number))
        # 0 to about 3.1 V, instead of 0 to 1 V.
        adc.atten(ADC.ATTN_11DB)
        return adc.read(), adc.read_uv() / 1000000
    except OSError:
        if number in _ADC2_PINS:
            print("pin %d does not read while Wi-Fi is on; pins 32 to 39 do" % number)
        raise


def test_adc(seconds=None, pin=None):
    """Measures twice a second and prints it."""
    import time

    for _ in _ticks(seconds, 500):
        print("pin %d: raw %4d, %.3f V" % ((_number("pin_adc", pin),) + read_adc(pin)))
        time.sleep_ms(500)


def _number(name, pin=None):
    if pin is not None:
        return pin
    try:
        import config

        pin = getattr(config, name, None)
    except ImportError:
        pass
    return _DEFAULT_PINS[name] if pin is None else pin


def _buttons():
    from machine import Pin

    numbers = [_number(name) for name in ("pin_btn1", "pin_btn2")]
    return [(number, Pin(number, Pin.IN, Pin.PULL_UP)) for number in numbers]


def _ticks(seconds, ms):
    # 0, 1, 2 and so on: one for each `ms` of so many seconds, or without end.
    tick = 0
    while seconds is None or tick * ms < seconds * 1000:
        yield tick
        tick += 1


def _tell(number, what):
    print("button on pin %d: %s" % (number, what))
