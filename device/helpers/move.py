# Gives files and folders other names, a file in place of another one. At the end, or before it raises, a 0x02 and how many are done.
# EXDEV: that is on another file system.
def _upyw(pairs):
    import os

    # include commit
    done = 0
    try:
        for source, target in pairs:
            if os.stat(source)[0] & 0x4000:
                os.rename(source, target)
            else:
                commit(source, target)
            done += 1
    except OSError as error:
        # MicroPython says EPERM where two file systems are meant.
        raise OSError(18 if error.args[0] == 1 else error.args[0])
    finally:
        print("\x02%d" % done)
