"""Debounced switches and push buttons for asyncio.

    button = Pushbutton(Pin(18, Pin.IN, Pin.PULL_UP))
    button.press_func(print, ("pressed",))
    button.long_func(go_to_sleep)

The interface is the well-known one of Peter Hinch's aswitch. What is called when something happens may be a function or
a coroutine function, with its arguments as a tuple; a coroutine runs as a task of its own. None takes it off again. If it
raises an exception, that is printed and the button goes on working.

Each object watches its pin in a task, so asyncio has to run: asyncio.run(main()).
"""

import sys
import time

try:
    import asyncio
except ImportError:
    # Up to v1.20.
    import uasyncio as asyncio

# A contact is looked at this often; a shorter touch may go unseen.
_LOOK_MS = 10


async def _nothing():
    pass


_unused = _nothing()
_Coroutine = type(_unused)
_unused.close()


def _launch(function, args):
    try:
        result = function(*args)
        if isinstance(result, _Coroutine):
            asyncio.create_task(result)
    except Exception as error:
        sys.print_exception(error)


class _Contact:
    """A pin whose changes count once: the first edge at once, the bouncing after it not at all."""

    debounce_ms = 50

    def __init__(self, pin):
        self.pin = pin
        self._functions = {}
        self._level = pin.value()
        self._task = asyncio.create_task(self._watch())

    def deinit(self):
        """Stops watching the pin."""
        self._task.cancel()

    def _on(self, event, function, args):
        if function:
            self._functions[event] = (function, args)
        else:
            self._functions.pop(event, None)

    def _run(self, event):
        if event in self._functions:
            _launch(*self._functions[event])

    async def _watch(self):
        changed = time.ticks_add(time.ticks_ms(), -self.debounce_ms)
        while True:
            now = time.ticks_ms()
            self._passed(now)
            if time.ticks_diff(now, changed) >= self.debounce_ms:
                level = self.pin.value()
                if level != self._level:
                    self._level = level
                    changed = now
                    self._changed(now)
            await asyncio.sleep_ms(_LOOK_MS)

    def _passed(self, now):
        """What is due by now."""

    def _changed(self, now):
        raise NotImplementedError


class Switch(_Contact):
    """A contact between the pin and GND. Calling it gives the pin's debounced level: 0 closed, 1 open."""

    def __call__(self):
        return self._level

    def close_func(self, func, args=()):
        """To be called when the contact closes."""
        self._on("close", func, args)

    def open_func(self, func, args=()):
        """To be called when the contact opens."""
        self._on("open", func, args)

    def _changed(self, now):
        self._run("open" if self._level else "close")


class Pushbutton(_Contact):
    """A button between the pin and GND or 3.3 V: the level at the start, or `sense`, is that of the released button.

    Calling it gives the debounced state: True while it is pressed.

    With suppress=True release_func means a single short click: it is not called after a double click or a long press,
    and where there is a double_func it waits until no second click can follow.
    """

    long_press_ms = 1000
    double_click_ms = 400

    def __init__(self, pin, suppress=False, sense=None):
        super().__init__(pin)
        self._suppress = suppress
        self._released_level = self._level if sense is None else (1 if sense else 0)
        # When a long press is one, and until when a second press makes a double click; None when neither can be.
        self._long_at = None
        self._double_until = None
        # This press has become a long one or the second of a double click.
        self._is_special = False
        self._owes_release = False

    def __call__(self):
        return self._level != self._released_level

    def rawstate(self):
        """The state at this moment, bounces and all."""
        return self.pin.value() != self._released_level

    def press_func(self, func, args=()):
        """To be called at once when the button goes down."""
        self._on("press", func, args)

    def release_func(self, func, args=()):
        """To be called when the button comes up."""
        self._on("release", func, args)

    def double_func(self, func, args=()):
        """To be called at the second press within double_click_ms of the first."""
        self._on("double", func, args)

    def long_func(self, func, args=()):
        """To be called when the button has been down for long_press_ms."""
        self._on("long", func, args)

    def _changed(self, now):
        if self():
            self._pressed(now)
        else:
            self._released()

    def _pressed(self, now):
        self._run("press")
        self._is_special = self._double_until is not None and "double" in self._functions
        if self._is_special:
            self._double_until = None
            self._owes_release = False
            self._run("double")
            return
        if "double" in self._functions:
            self._double_until = time.ticks_add(now, self.double_click_ms)
        if "long" in self._functions:
            self._long_at = time.ticks_add(now, self.long_press_ms)

    def _released(self):
        self._long_at = None
        if self._suppress and self._is_special:
            return
        if self._suppress and self._double_until is not None:
            self._owes_release = True
        else:
            self._run("release")

    def _passed(self, now):
        if self._long_at is not None and time.ticks_diff(now, self._long_at) >= 0:
            self._long_at = None
            self._double_until = None
            self._is_special = True
            self._run("long")
        if self._double_until is not None and time.ticks_diff(now, self._double_until) >= 0:
            self._double_until = None
            if self._owes_release:
                self._owes_release = False
                self._run("release")
