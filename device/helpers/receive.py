# Receives files as raw bytes in windows of 32. src/board/upload.ts is the other end and describes the protocol.
def _upyw(tag, files):
    import gc, sys
    from hashlib import sha256
    from micropython import kbd_intr
    from select import poll

    # include prepare

    read = sys.stdin.buffer.readinto
    say = sys.stdout.buffer.write
    poller = poll()
    poller.register(sys.stdin, 1)
    gc.collect()
    buffer = memoryview(bytearray(4096))
    windows = [buffer[at : at + 32] for at in range(0, 4096, 32)]
    stop = tag.encode() * 4
    last = windows[0]

    def wait():
        if not poller.poll(2000):
            raise EOFError

    def receive(window):
        nonlocal last
        wait()
        if last[31] == 3:
            # Perhaps not data but somebody who knocks with Ctrl-C, and the rest of a window may never come: byte by
            # byte, the silence after it is noticed. For data that looks like it this is only slower.
            for at in range(32):
                wait()
                read(window[at : at + 1])
        else:
            read(window)
        last = window
        if window == stop:
            raise EOFError
        say(b"\x06")

    def take(path, size, temp):
        with open(temp, "wb") as file:
            while size:
                count = min(size, 4096)
                for at in range(0, count, 32):
                    receive(windows[at // 32])
                file.write(buffer[:count])
                size -= count
        receive(windows[0])
        expected = bytes(windows[0])
        found = digest(temp)
        if found != expected:
            raise ValueError
        commit(temp, path)
        say(b"\x0e" + found)

    kbd_intr(-1)
    try:
        say(b"\x11")
        for (path, size), temp in zip(files, temps):
            try:
                take(path, size, temp)
            except Exception as error:
                say(b"\x15")
                try:
                    # What is under way already must not reach the prompt; it may be out of step with the windows.
                    tail = stop if isinstance(error, EOFError) else b""
                    while tail != stop:
                        wait()
                        tail = tail[-31:] + sys.stdin.buffer.read(1)
                except EOFError:
                    pass
                try:
                    os.remove(temp)
                except OSError:
                    pass
                raise error
    finally:
        kbd_intr(3)
