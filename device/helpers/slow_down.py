# Puts UART0's registers back. src/board/speed/lower-console.ts is the other end.
def _upyw(tag, divider, control):
    import sys
    from machine import mem32
    from time import sleep_ms

    sys.stdout.write(tag)
    try:
        # What was said has left.
        sleep_ms(2)
    finally:
        mem32[0x3FF40020] = control
        mem32[0x3FF40014] = divider
    try:
        # Until the host has changed its rate, too, and says so by Ctrl-C: it would not understand anything before.
        sleep_ms(1000)
    except KeyboardInterrupt:
        pass
