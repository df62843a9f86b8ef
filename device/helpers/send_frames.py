# Included by the senders: sends files as frames of raw bytes, the first one without its first so many bytes. src/board/transfer/download-frames.ts is the
# other end; docs/protocol.md has the frames. Given: paths, skip, and say, which sends bytes.
import os
from binascii import crc32
from hashlib import sha256

frame = memoryview(bytearray(1031))
content = frame[3:1027]
crc = [0]

def send(kind, count):
    frame[0] = kind
    frame[1] = count % 256
    frame[2] = count // 256
    end = count + 3
    # Over all frames so far: one that is missing shows.
    crc[0] = crc32(frame[:end], crc[0])
    frame[end : end + 4] = crc[0].to_bytes(4, "little")
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
