# Gives a file or a folder another name, a file in place of another one; prints a 0x02 and 1. EXDEV: that is on another file system.
def _upyw(source, target):
    import os

    # include commit
    mode = os.stat(source)[0]
    try:
        if mode & 0x4000:
            os.rename(source, target)
        else:
            commit(source, target)
    except OSError as error:
        # MicroPython says EPERM where two file systems are meant.
        raise OSError(18 if error.args[0] == 1 else error.args[0])
    print("\x021")
