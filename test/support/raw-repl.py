# The prompts of a board on the unix port, which has no raw REPL: shared/runtime/pyexec.c once more, in Python, with the
# real VM and a real file system on a RAM disk at /. Tells on stderr when Ctrl-C is to interrupt (C) and when it is a byte (c).
import os, sys

kind, block_count, raw_paste, lacking, image, hurry, last_write = sys.argv[1:]
block_count, hurry, last_write = int(block_count), int(hurry), int(last_write)
image = open(image, "r+b") if image else None
for name in lacking.split(","):
    sys.modules[name] = sys.modules["u" + name] = None
if hurry > 1 and "select" not in lacking:
    # Waits are so many times shorter here.
    import select

    class Poller:
        def __init__(self):
            self.real = select.poll()
            self.register = self.real.register

        def poll(self, timeout):
            return self.real.poll(timeout // hurry)

    class hurried:
        poll = Poller

    sys.modules["select"] = sys.modules["uselect"] = hurried
read = sys.stdin.buffer.read
say = sys.stdout.buffer.write


class RamDisk:
    # With an image, a file of the computer that runs this, what was written is still there when this program was killed.
    def __init__(self, count, size, image):
        self.size = size
        self.data = bytearray(count * size)
        self.image = image
        self.was_used = image and image.readinto(self.data) == len(self.data)
        if image and not self.was_used:
            image.seek(0)
            image.write(self.data)
        self.written = 0

    def readblocks(self, n, buf, off=0):
        at = n * self.size + off
        buf[:] = memoryview(self.data)[at : at + len(buf)]

    def writeblocks(self, n, buf, off=None):
        at = n * self.size + (off or 0)
        self.written += 1
        if self.written == last_write:
            # The power goes in the middle of it.
            self.save(at, bytes(buf)[: len(buf) // 2])
            sys.stderr.write("X")
            read(1)
            while True:
                pass
        self.data[at : at + len(buf)] = buf
        self.save(at, buf)

    def save(self, at, buf):
        if self.image:
            self.image.seek(at)
            self.image.write(buf)
            self.image.flush()

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // self.size
        if op == 5:
            return self.size
        if op == 6:
            return 0


def mount(Vfs, count, size, point, image=None):
    disk = RamDisk(count, size, image)
    if not disk.was_used:
        Vfs.mkfs(disk)
    os.mount(Vfs(disk), point)
    disk.written = 0


if kind != "memory":
    os.umount("/")
    mount(os.VfsFat, 512, 512, "/sd") if kind == "littlefs+sd" else None
    mount(os.VfsFat, block_count * 8, 512, "/") if kind == "fat" else mount(os.VfsLfs2, block_count, 4096, "/", image)


class micropython:
    def kbd_intr(char):
        sys.stderr.write("C" if char == 3 else "c")


real = sys.modules.pop("micropython", None) or __import__("micropython")
micropython.const = real.const
sys.modules["micropython"] = micropython
scope = {"__name__": "__main__"}


def run(code):
    sys.stderr.write("C")
    error = None
    try:
        try:
            exec(code, scope)
        except BaseException as raised:
            error = raised
        sys.stderr.write("c")
    except KeyboardInterrupt as raised:
        error = raised
    say(b"\x04")
    if error is not None:
        sys.print_exception(error, sys.stdout)
    say(b"\x04>")


def take_paste():
    say(b"R\x01\x80\x00\x01")
    code = bytearray()
    while True:
        byte = read(1)
        if byte in (b"\x03", b"\x04"):
            say(b"\x04")
            return bytes(code) if byte == b"\x04" else b"raise KeyboardInterrupt"
        code.extend(byte)
        if len(code) % 128 == 0:
            say(b"\x01")


def next_byte():
    # A Ctrl-C that was on its way as a signal when the program ended.
    try:
        return read(1)
    except KeyboardInterrupt:
        return b"\x03"


raw = False
line = b""


def serve():
    global raw, line
    while True:
        byte = next_byte()
        if not byte:
            return
        if byte == b"\x01":
            if raw and line == b"\x05A" and raw_paste == "yes":
                line = b""
                run(take_paste())
                continue
            say(b"raw REPL; CTRL-B to exit\r\n>")
            raw, line = True, b""
        elif byte == b"\x02":
            say(b"\r\nMicroPython on unix\r\n>>> ")
            raw, line = False, b""
        elif byte == b"\x03":
            line = b""
            if not raw:
                say(b"\r\n>>> ")
        elif byte == b"\x04" and raw:
            say(b"OK")
            code, line = line, b""
            run(code)
        elif raw:
            line += byte
        else:
            say(byte)


while True:
    try:
        serve()
        break
    except KeyboardInterrupt:
        # One that came late.
        line = b""
