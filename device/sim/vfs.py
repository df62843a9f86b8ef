# vfs as on the ESP32. The file systems are the machine's underneath (src/sim/files/program-disks.ts); the block devices are programs', or an
# esp32.Partition. Files are those of this build's VfsPosix.
from _board import VfsPosix, c_os, call

umount = c_os.umount
_data = VfsPosix("/dev").open("/blocks", "r+b")
_devices = []
_raised = []


# Called in the middle of a call of _ask, or of a file's: what a block device is to do.
def _serve():
    number, what, block, offset, size = call("block_request")
    try:
        device = _devices[number]
        result = 0
        if what == 0:
            buffer = bytearray(size)
            result = device.readblocks(block, buffer) if offset < 0 else device.readblocks(block, buffer, offset)
            _data.write(buffer)
        elif what == 1:
            buffer = bytearray(size)
            _data.readinto(buffer)
            result = device.writeblocks(block, buffer) if offset < 0 else device.writeblocks(block, buffer, offset)
        elif what == 2:
            result = device.ioctl(6, block)
        elif hasattr(device, "ioctl"):
            result = device.ioctl(3, 0)
        if result:
            call("block_failed", -result if isinstance(result, int) and result < 0 else 22)
    except BaseException as error:
        _raised.append(error)
        call("block_failed", 5)


def _ask(*request):
    del _raised[:]
    answer = call(*request)
    if _raised:
        raise _raised.pop()
    if isinstance(answer, int):
        raise OSError(answer)
    return answer[0]


class _Vfs:
    def __init__(self, device, program_bytes=32, has_times=True):
        self._number = len(_devices)
        _devices.append(device)
        self._device = device
        self._geometry = _geometry(device, self._kind)
        self._options = program_bytes, has_times
        self._folder = "/"
        self._is_read_only = False

    def _mount(self):
        _ask("disk_mount", self._kind, self._number, *self._geometry + self._options)

    def _at(self, path):
        parts = []
        if isinstance(path, bytes):
            path = path.decode()
        for part in (path if path.startswith("/") else self._folder + path).split("/"):
            if part == "..":
                if parts:
                    parts.pop()
            elif part and part != ".":
                parts.append(part)
        return "/".join(parts)

    def _change(self, name, *paths):
        if self._is_read_only:
            raise OSError(30)
        _ask("disk_" + name, self._number, *[self._at(path) for path in paths])

    def _found(self, path):
        at = self._at(path)
        found = _ask("disk_stat", self._number, at) if at else ["", True, 0, 0]
        if found is None:
            raise OSError(2)
        return found

    def open(self, path, mode):
        if self._is_read_only and any(each in mode for each in "wax+"):
            raise OSError(30)
        del _raised[:]
        try:
            return VfsPosix("/disks/%d" % self._number).open("/" + self._at(path), mode)
        except OSError:
            if _raised:
                raise _raised.pop()
            raise

    def ilistdir(self, path=""):
        entries = _ask("disk_list", self._number, self._at(path))
        # Names are of the type of the path.
        as_bytes = isinstance(path, bytes)
        return iter(
            [
                (name.encode() if as_bytes else name, 0x4000 if is_folder else 0x8000, 0, size)
                for name, is_folder, size, _ in entries
            ]
        )

    def mkdir(self, path):
        self._change("mkdir", path)

    def remove(self, path):
        self._change("remove", path)

    def rmdir(self, path):
        self._change("remove", path)

    def rename(self, old, new):
        self._change("rename", old, new)

    def stat(self, path):
        _, is_folder, size, time = self._found(path)
        time = max(0, time - 946684800)
        return (0x4000 if is_folder else 0x8000, 0, 0, 0, 0, 0, size, time, time, time)

    def statvfs(self, path):
        block, count, free = _ask("disk_space", self._number)
        return (block, block, count, free, free, 0, 0, 0, 0, 255)

    def chdir(self, path):
        if not self._found(path)[1]:
            raise OSError(2)
        at = self._at(path)
        self._folder = "/" + at + "/" if at else "/"

    def getcwd(self):
        return self._folder[:-1] or "/"

    def umount(self):
        pass


class VfsLfs2(_Vfs):
    _kind = "lfs2"

    def __init__(self, device, readsize=32, progsize=32, lookahead=32, mtime=True):
        super().__init__(device, progsize, bool(mtime))
        self._mount()

    @staticmethod
    def mkfs(device, readsize=32, progsize=32, lookahead=32):
        _format(VfsLfs2._kind, device, progsize)

    def mount(self, readonly, mkfs):
        self._is_read_only = readonly


class VfsFat(_Vfs):
    _kind = "fat"

    def __init__(self, device):
        super().__init__(device)
        # One that has no file system may get one yet.
        try:
            self._mount()
            self._is_mounted = True
        except OSError as error:
            if error.errno != 84:
                raise
            self._is_mounted = False

    @staticmethod
    def mkfs(device):
        _format(VfsFat._kind, device, 0)

    def mount(self, readonly, mkfs):
        self._is_read_only = readonly
        if self._is_mounted:
            return
        if not mkfs:
            raise OSError(19)
        VfsFat.mkfs(self._device)
        self._mount()
        self._is_mounted = True

    # FatFs has two words for what littlefs does in one.
    def remove(self, path):
        if self._found(path)[1]:
            raise OSError(21)
        super().remove(path)

    def rmdir(self, path):
        if not self._found(path)[1]:
            raise OSError(20)
        try:
            super().rmdir(path)
        except OSError as error:
            raise OSError(13 if error.errno == 39 else error.errno)


# Size and number of the blocks. What has no ioctl has count() and blocks of 512 bytes.
def _geometry(device, kind):
    if not hasattr(device, "ioctl"):
        return 512, device.count()
    device.ioctl(1, 0)
    return device.ioctl(5, 0) or 512, device.ioctl(4, 0)


def _format(kind, device, program_bytes):
    number = len(_devices)
    _devices.append(device)
    try:
        _ask("disk_format", kind, number, *_geometry(device, kind) + (program_bytes,))
    finally:
        _devices[number] = None


def _file_system_on(device):
    for kind in VfsLfs2, VfsFat:
        try:
            return kind(device)
        # Also of one that takes no offsets, and so cannot have a littlefs.
        except Exception:
            pass
    raise OSError(19)


def mount(*args, **options):
    if args and not hasattr(args[0], "mount"):
        args = (_file_system_on(args[0]),) + args[1:]
    return c_os.mount(*args, **options)
