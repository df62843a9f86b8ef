# Runs bytecode (base64) without a file: MicroPython loads it by an import only, so it is on a disk in memory for as long as that takes.
def _upyw(code, name):
    import io, os, sys
    from binascii import a2b_base64

    try:
        import vfs
    except ImportError:
        vfs = os
    code = memoryview(a2b_base64(code))
    module = name + ".mpy"

    class File(io.IOBase):
        def __init__(self):
            self.at = 0

        def readinto(self, target):
            count = min(len(target), len(code) - self.at)
            target[:count] = code[self.at : self.at + count]
            self.at += count
            return count

        def ioctl(self, request, argument):
            return 0

    class Disk:
        def mount(self, readonly, mkfs):
            pass

        def umount(self):
            pass

        def stat(self, path):
            if path.strip("/") != module:
                raise OSError(2)
            return (0x8000, 0, 0, 0, 0, 0, len(code), 0, 0, 0)

        def open(self, path, mode):
            return File()

    place = "/.upyw-mpy"
    vfs.mount(Disk(), place)
    sys.path.insert(0, place)
    try:
        __import__(name)
    finally:
        sys.path.remove(place)
        sys.modules.pop(name, None)
        vfs.umount(place)
