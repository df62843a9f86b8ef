# Real MicroPython's littlefs on an image file, for tests: takes steps, and tells what is there.
# usage: littlefs.py IMAGE STEPS.json [format] [UNITS]   UNITS: the power goes after so many programs and erases
import json
import os
import sys


class NoPower(Exception):
    pass


class Flash:
    size = 4096
    unit = 32

    def __init__(self, path, units):
        self.file = open(path, "r+b")
        self.file.seek(0, 2)
        self.count = self.file.tell() // self.size
        self.left = units

    def _spend(self):
        if self.left == 0:
            raise NoPower
        if self.left is not None:
            self.left -= 1

    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * self.size + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        for at in range(0, len(buffer), self.unit):
            self._spend()
            self.file.seek(block * self.size + offset + at)
            self.file.write(buffer[at : at + self.unit])

    def ioctl(self, request, argument):
        if request == 3:
            self.file.flush()
        elif request == 4:
            return self.count
        elif request == 5:
            return self.size
        elif request == 6:
            self._spend()
            self.file.seek(argument * self.size)
            self.file.write(b"\xff" * self.size)
        return 0


def take(fs, step):
    kind, path = step["do"], step["path"]
    if kind == "mkdir":
        fs.mkdir(path)
    elif kind == "remove":
        fs.remove(path)
    elif kind == "rename":
        fs.rename(path, step["to"])
    else:
        with fs.open(path, "ab" if step.get("appends") else "wb") as file:
            file.write(bytes([step["fill"]]) * step["sizeBytes"])


def runs_of(content):
    runs = []
    at = 0
    while at < len(content):
        end = at
        step = 4096
        while step:
            same = content[at : at + 1] * step
            while content[end : end + step] == same:
                end += step
            step //= 2
        runs.append(chr(content[at]) + str(end - at))
        at = end
    return ",".join(runs)


def tree(fs, folder, found):
    for name, kind, _, size in fs.ilistdir(folder or "/"):
        path = (folder + "/" if folder else "") + name
        if kind == 0x4000:
            found.append(path + "=/")
            tree(fs, path, found)
        else:
            with fs.open(path, "rb") as file:
                content = file.read()
            assert len(content) == size == fs.stat(path)[6]
            found.append(path + "=" + runs_of(content))
    return found


image, steps = sys.argv[1:3]
flags = sys.argv[3:]
flash = Flash(image, int(flags[-1]) if flags and flags[-1] != "format" else None)
parameters = {"readsize": 32, "progsize": 32, "lookahead": 32}
if "format" in flags:
    os.VfsLfs2.mkfs(flash, **parameters)
before = []
done = []
try:
    fs = os.VfsLfs2(flash, **parameters)
    with open(steps) as file:
        steps = json.load(file)
    for step in steps:
        if flash.left is not None:
            before = tree(fs, "", [])
        try:
            take(fs, step)
            done.append(True)
        except OSError as error:
            if flash.left == 0:
                raise NoPower
            done.append(False)
    before = None
except NoPower:
    pass
flash.left = None
flash.file.flush()
found = tree(fs, "", []) if before is None else None
print(json.dumps({"done": done, "tree": found, "before": before}))
