# Real MicroPython's file systems on an image file, for tests: makes or changes what is there, then tells the SHA-256 of each file.
# usage: file_system.py IMAGE VfsLfs2|VfsFat BLOCK_BYTES look|make|change
import binascii
import hashlib
import json
import os
import sys


class Disk:
    def __init__(self, path, size):
        self.file = open(path, "r+b")
        self.size = size
        self.file.seek(0, 2)
        self.count = self.file.tell() // size

    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * self.size + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        self.file.seek(block * self.size + offset)
        self.file.write(buffer)

    def ioctl(self, request, argument):
        if request == 3:
            self.file.flush()
        elif request == 4:
            return self.count
        elif request == 5:
            return self.size
        elif request == 6:
            self.file.seek(argument * self.size)
            self.file.write(b"\xff" * self.size)
        return 0


def digests(folder, found):
    for entry in os.ilistdir("/image" + folder):
        path = folder + "/" + entry[0]
        if entry[1] == 0x4000:
            digests(path, found)
        else:
            with open("/image" + path, "rb") as file:
                found[path[1:]] = binascii.hexlify(hashlib.sha256(file.read()).digest()).decode()
    return found


_, path, kind, block_bytes, does = sys.argv
disk = Disk(path, int(block_bytes))
if does == "make":
    getattr(os, kind).mkfs(disk)
os.mount(getattr(os, kind)(disk), "/image")
if does == "change":
    os.remove("/image/lib/a rather long name.mpy")
    with open("/image/lib/new.py", "w") as file:
        file.write("print(1)\n" * 1000)
    with open("/image/main.py", "a") as file:
        file.write("\n# more\n")
found = digests("", {})
os.umount("/image")
disk.file.close()
print(json.dumps(found))
