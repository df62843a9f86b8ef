# Sends files as raw bytes. src/board/download.ts is the other end and describes the protocol.
def _upyw(paths):
    import os, sys
    from hashlib import sha256

    say = sys.stdout.buffer.write
    buffer = memoryview(bytearray(2048))
    for path in paths:
        stat = os.stat(path)
        if stat[0] & 0x4000:
            raise OSError(21)
        sha = sha256()
        with open(path, "rb") as file:
            say(b"\x11" + stat[6].to_bytes(4, "little"))
            while True:
                count = file.readinto(buffer)
                say(b"\x0e" + count.to_bytes(2, "little"))
                if not count:
                    break
                say(buffer[:count])
                sha.update(buffer[:count])
        say(sha.digest())
