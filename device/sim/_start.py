# Runs before boot.py, where a board has its frozen _boot.py: makes the VM's world look like the board's.
import builtins, sys, uos, vfs

sys.path.insert(1, "/flash/.sim")
import _board, _input

_board.call(
    "objects",
    *[
        id(each)
        for each in (
            sys.stdin,
            sys.stdin.buffer,
            sys.stdout,
            sys.stdout.buffer,
            sys.stderr,
            sys.platform,
            sys.implementation._machine,
            sys.implementation._build,
        )
    ]
)
vfs.umount("/")
vfs.mount(vfs.VfsPosix("/flash"), "/")
# Unmounting left no current folder: relative names would go past the new mount.
uos.chdir("/")
sys.path[1] = "/.sim"
builtins.input = _input.input
del _board, _input, builtins, sys, uos, vfs
