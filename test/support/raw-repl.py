# The prompts of a board on the unix port, which has no raw REPL: shared/runtime/pyexec.c once more, in Python, with the
# real VM and a real file system on a RAM disk at /. Tells on stderr when Ctrl-C is to interrupt (C) and when it is a byte (c).
import os, sys

kind, block_count, raw_paste = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for lacking in sys.argv[4].split(","):
    sys.modules[lacking] = None
read = sys.stdin.buffer.read
say = sys.stdout.buffer.write


class RamDisk:
    def __init__(self, count, size):
        self.size = size
        self.data = bytearray(count * size)

    def readblocks(self, n, buf, off=0):
        at = n * self.size + off
        buf[:] = memoryview(self.data)[at : at + len(buf)]

    def writeblocks(self, n, buf, off=None):
        at = n * self.size + (off or 0)
        self.data[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // self.size
        if op == 5:
            return self.size
        if op == 6:
            return 0


def mount(Vfs, count, size, point):
    disk = RamDisk(count, size)
    Vfs.mkfs(disk)
    os.mount(Vfs(disk), point)


os.umount("/")
mount(os.VfsFat, 512, 512, "/sd") if kind == "littlefs+sd" else None
mount(os.VfsFat, block_count * 8, 512, "/") if kind == "fat" else mount(os.VfsLfs2, block_count, 4096, "/")


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
    code = b""
    while True:
        byte = read(1)
        if byte in (b"\x03", b"\x04"):
            say(b"\x04")
            return code if byte == b"\x04" else b"raise KeyboardInterrupt"
        code += byte
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
while True:
    byte = next_byte()
    if not byte:
        break
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
