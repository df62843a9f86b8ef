# Raises the rate of UART0 on an ESP32. src/board/raise-console.ts is the other end and describes the protocol.
# current: the rate now; dividers: the register's values to try, for the 80 MHz clock; first: of the pattern.
def _upyw(tag, current, dividers, first):
    import os, sys
    from micropython import kbd_intr
    from select import poll
    from time import sleep_ms, ticks_diff, ticks_ms

    say = sys.stdout.buffer.write
    # The registers stand elsewhere on the S2, S3, C3 and so on, and reading where nothing is would reset those.
    chip = os.uname()[4].split(" with ")[-1]
    if sys.platform != "esp32" or chip != "ESP32" and chip[:8] not in ("ESP32-D0", "ESP32-PI", "ESP32-U4", "ESP32-S0"):
        raise ValueError("not an ESP32")
    from machine import freq, mem32

    divider = mem32[0x3FF40014]
    control = mem32[0x3FF40020]
    sixteenths = (divider & 0xFFFFF) * 16 + (divider >> 20 & 15)
    rate = (16000000, 1280000000)[control >> 27 & 1] // sixteenths
    # A slower CPU has a slower clock for its UARTs, too.
    if abs(rate - current) * 25 > current or freq() < 80000000:
        raise ValueError("a console of its own")
    get = sys.stdin.buffer.readinto
    byte = bytearray(1)
    poller = poll()
    poller.register(sys.stdin, 1)
    pattern = bytes([(first + 37 * index) & 255 for index in range(64)])
    agreed = bytes([255 - value for value in pattern])

    def hear(patience):
        return patience > 0 and poller.poll(patience) and get(byte)

    def attempt(fast):
        # Whether the host agreed to the new rate in time.
        start = ticks_ms()
        seen = b""
        try:
            mem32[0x3FF40020] = control | 1 << 27
            mem32[0x3FF40014] = fast
            while hear(600 - ticks_diff(ticks_ms(), start)):
                seen = (seen + byte)[-64:]
                if seen == pattern:
                    say(pattern)
                elif seen == agreed:
                    fast = 0
                    break
        finally:
            if fast:
                # The last that was said has left.
                sleep_ms(10)
                mem32[0x3FF40020] = control
                mem32[0x3FF40014] = divider
        return not fast

    kbd_intr(-1)
    try:
        say(tag + "Y%08x%08x" % (divider, control))
        # p: for the round trip; g: the next divider; anything else: leave it.
        while hear(2000):
            if byte == b"p":
                say(tag + "p")
            elif byte == b"g" and dividers:
                say(tag + "g")
                sleep_ms(10)
                if attempt(dividers.pop(0)):
                    say(tag + "K")
                    break
                while hear(30):
                    pass
                say(tag + "B")
            else:
                break
    finally:
        kbd_intr(3)
