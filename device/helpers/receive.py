# Receives files as blocks of raw bytes. src/board/transfer/block-sender.ts is the other end; docs/protocol.md has the states.
def _upyw(tag, files):
    import gc, sys
    from binascii import crc32
    from hashlib import sha256
    from io import IOBase
    from micropython import kbd_intr
    from select import poll

    try:
        from deflate import RAW, DeflateIO

        inflate = lambda bits: DeflateIO(source, RAW, bits)
    except (ImportError, AttributeError):
        try:
            # Before v1.21.
            from zlib import DecompIO

            inflate = lambda bits: DecompIO(source, -bits)
        except (ImportError, AttributeError):
            inflate = None
    get = sys.stdin.buffer.readinto
    say = sys.stdout.buffer.write

    # include prepare

    poller = poll()
    poller.register(sys.stdin, 1)
    gc.collect()
    block = memoryview(bytearray(1024))
    windows = [block[first : first + 32] for first in range(0, 1024, 32)]
    space = memoryview(bytearray(1024))
    acks = [bytes((160 + count,)) for count in range(16)]
    number = turn = at = end = 0

    def receive(patience):
        # One block; whether it came whole, undamaged and in its turn.
        nonlocal turn, end
        count = 1
        index = 0
        while index < count:
            if not poller.poll(patience):
                raise EOFError
            if windows[index - 1][31] == 3:
                # Perhaps not data but somebody who knocks with Ctrl-C, and the rest of a window may never come: byte by
                # byte, the silence after it is noticed. For data that looks like it this is only slower.
                for place in range(32):
                    if not poller.poll(300):
                        return False
                    get(windows[index][place : place + 1])
            else:
                get(windows[index])
            say(acks[turn])
            turn = (turn + 1) % 16
            if not index:
                end = 2 + block[0] + block[1] % 4 * 256
                if end > 1020:
                    raise EOFError
                if block[1] // 4 != number:
                    return False
                count = (end + 35) // 32
            index += 1
        return crc32(block[: end + 4]) == 558161692

    def quiet():
        while poller.poll(100):
            get(windows[0][:1])

    def ready():
        nonlocal turn
        turn = 0
        say(bytes((17, number + (64 if inflate else 0))))

    def fill():
        # Takes the next block, as often as it needs.
        nonlocal at, number
        patience = 2000
        while not receive(patience):
            quiet()
            ready()
            patience = 700
        at = 2
        number = (number + 1) % 64

    class Source(IOBase):
        # What inflaters read from, always one byte.
        def readinto(self, target):
            nonlocal at
            while at == end:
                fill()
            target[0] = block[at]
            at += 1
            return 1

    source = Source()

    def take(count):
        for index in range(count):
            source.readinto(space[index : index + 1])
        return bytes(space[:count])

    def section(file, left):
        # One section of a file: its window bits, or 0 where it is as it is, then its content.
        nonlocal at
        bits = take(1)[0]
        stream = bits and inflate(bits)
        while left:
            if stream:
                count = min(left, 1024)
                stream.readinto(space[:count])
                file.write(space[:count])
            else:
                while at == end:
                    fill()
                count = min(left, end - at)
                file.write(block[at : at + count])
                at += count
            left -= count
        if stream:
            # The mark of its end.
            stream.read(1)

    kbd_intr(-1)
    try:
        ready()
        for (path, size), temp in zip(files, temps):
            try:
                # A file system that tidies up says nothing for more than a second.
                say(b"\x12")
                with open(temp, "wb") as file:
                    for done in range(0, size, 65536):
                        section(file, min(65536, size - done))
                    say(b"\x12")
                expected = take(32)
                if hash_of(temp) != expected:
                    raise ValueError
                say(b"\x12")
                if temp != path:
                    commit(temp, path)
                say(b"\x0e" + expected[:4])
            except Exception as error:
                say(b"\x15")
                # What is under way already must not reach the prompt.
                quiet()
                try:
                    os.remove(temp)
                except OSError:
                    pass
                raise error
    finally:
        kbd_intr(3)
