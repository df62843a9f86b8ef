# input() as the board's readline has it, in short: echo, backspace, Ctrl-D; this build's own reads from nowhere.
import sys


def input(prompt=""):
    out, source, line = sys.stdout, sys.stdin.buffer, b""
    out.write(str(prompt))
    while True:
        char = source.read(1)
        if char in (b"\r", b"\n"):
            out.write("\n")
            return line.decode()
        if char == b"\x04" and not line:
            out.write("\n")
            raise EOFError
        if char in (b"\x08", b"\x7f"):
            if line:
                line = line[:-1]
                out.write("\x08 \x08")
        elif char >= b" ":
            line += char
            out.buffer.write(char)
