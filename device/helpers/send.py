# Sends files as frames of raw bytes, the first one without its first so many bytes. src/board/download.ts is the other end
# and describes the protocol. With pace, the time of a byte on the line in 1/16 us, it never fills the UART's FIFO of 128 bytes: a
# write that does sleeps for 10 ms on an ESP32.
def _upyw(paths, skip, pace):
    import os, sys
    from binascii import crc32
    from hashlib import sha256
    from time import sleep_us, ticks_add, ticks_diff, ticks_us

    say = sys.stdout.buffer.write
    frame = memoryview(bytearray(1031))
    content = frame[3:1027]
    crc = 0
    empty = ticks_us()

    def write(piece):
        # At most 96 bytes, behind at most 28.
        nonlocal empty
        left = ticks_diff(empty, ticks_us()) - 28 * pace // 16
        if left > 0:
            sleep_us(left)
        say(piece)
        now = ticks_us()
        if ticks_diff(empty, now) < 0:
            empty = now
        empty = ticks_add(empty, len(piece) * pace // 16)

    def send(kind, count):
        nonlocal crc
        frame[0] = kind
        frame[1] = count % 256
        frame[2] = count // 256
        end = count + 3
        # Over all frames so far: one that is missing shows.
        crc = crc32(frame[:end], crc)
        frame[end : end + 4] = crc.to_bytes(4, "little")
        if pace:
            for at in range(0, end + 4, 96):
                write(frame[at : min(at + 96, end + 4)])
        else:
            say(frame[: end + 4])

    for path in paths:
        stat = os.stat(path)
        if stat[0] & 0x4000:
            raise OSError(21)
        sha = sha256()
        with open(path, "rb") as file:
            content[:4] = stat[6].to_bytes(4, "little")
            send(17, 4)
            while True:
                count = file.readinto(content[: min(skip, 1024)] if skip else content)
                if not count:
                    break
                sha.update(content[:count])
                if skip:
                    skip -= count
                    say(b"\x18")
                else:
                    send(14, count)
        content[:32] = sha.digest()
        send(15, 32)
