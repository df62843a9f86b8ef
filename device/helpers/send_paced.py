# Sends files so that the UART's FIFO of 128 bytes never fills up: a write that finds it full sleeps for a tick of 10 ms on an ESP32.
# pace: the time of a byte on the line, in 1/16 us.
def _upyw(paths, skip, pace):
    import sys
    from time import sleep_us, ticks_add, ticks_diff, ticks_us

    write = sys.stdout.buffer.write
    empty = ticks_us()

    def say(piece):
        # At most 96 bytes at a time, behind at most 28.
        nonlocal empty
        for at in range(0, len(piece), 96):
            part = piece[at : min(at + 96, len(piece))]
            left = ticks_diff(empty, ticks_us()) - 28 * pace // 16
            if left > 0:
                sleep_us(left)
            write(part)
            # At the latest.
            now = ticks_us()
            if ticks_diff(empty, now) < 0:
                empty = now
            empty = ticks_add(empty, len(part) * pace // 16)

    # include send_frames
