# Runs before boot.py, where a board has its frozen _boot.py: makes the VM's world look like the board's.
import builtins, gc, sys, uerrno, uos, utime, vfs

vfs.umount("/")
vfs.mount(vfs.VfsPosix("/flash"), "/")
# Unmounting left no current folder: relative names would go past the new mount.
uos.chdir("/")
sys.path = ["/.sim"]
import _board

_board.call(
    "objects",
    *[
        id(each)
        for each in (
            _board.raise_too_deep,
            _board.raise_no_memory,
            _board.raise_kept,
            None,
            gc.collect,
            gc.mem_free,
            gc.mem_alloc,
            sys.stdin,
            sys.stdin.buffer,
            sys.stdout,
            sys.stdout.buffer,
            sys.stderr,
            sys.platform,
            sys.implementation._machine,
            sys.implementation._build,
            utime.sleep_us,
            utime.ticks_us,
        )
    ]
)
_board.call("errno", id(uerrno), id(uerrno.errorcode))
import _input, _modules, _frames

builtins.input = _input.input
sys.path = ["", ".frozen", "/lib"]
del _board, _frames, _input, _modules, builtins, gc, sys, uerrno, uos, utime, vfs
