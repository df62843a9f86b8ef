# Raises the rate of UART0 on an ESP32. src/board/speed/raise-console.ts is the other end; docs/protocol.md has the states.
# dividers: the register's values to try, for the 80 MHz clock; pause: ms in which what was said has left.
def _upyw(tag, dividers, pause):
    import sys

    # On the S2, S3, C3 and so on, which have no such thing, reading where the registers are not would reset the board.
    from esp32 import raw_temperature
    from machine import freq, mem32
    from micropython import kbd_intr
    from select import poll
    from time import sleep_ms

    tag = tag.encode()
    say = sys.stdout.buffer.write
    get = sys.stdin.buffer.readinto
    byte = bytearray(1)
    poller = poll()
    poller.register(sys.stdin, 1)
    address = 0x3FF40014
    divider = mem32[address]
    control = mem32[address + 12]
    clock = freq()

    def hear(patience):
        return poller.poll(patience) and get(byte)

    kbd_intr(-1)
    try:
        say(tag)
        say("%08x%08x%08x%08x" % (divider, control, clock, divider ^ control ^ clock))
        # p: for the round trip; g: the next divider; anything else: leave it.
        while hear(2000) and bytes(byte) in b"pg":
            say(tag + byte)
            if byte == b"p":
                continue
            seen = b""
            sleep_ms(pause)
            try:
                mem32[address + 12] = control | 1 << 27
                mem32[address] = dividers.pop(0)
                # The host agrees by the tag.
                while seen[-6:] != tag and len(seen) < 999 and hear(600):
                    say(byte)
                    seen += byte
            finally:
                if seen[-6:] != tag:
                    sleep_ms(pause)
                    mem32[address + 12] = control
                    mem32[address] = divider
            if seen[-6:] == tag:
                say("k")
                break
            while hear(30):
                pass
            say(tag + b"b")
    finally:
        kbd_intr(3)
