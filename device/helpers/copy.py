# Copies files, each as safely as one that is received: to a temporary name, compared with what it was made from, then renamed.
# Prints a "." now and then; at the end, or before it raises, a 0x02 and how many are done;
# where one is not there, a 0x01 and how many are before it; none is copied then.
def _upyw(tag, pairs):
    import os, sys

    write = sys.stdout.write
    space = memoryview(bytearray(1024))
    other = memoryview(bytearray(1024))
    done = 0

    def say(_):
        write(".")

    def copy(source, temp):
        with open(source, "rb") as old:
            with open(temp, "wb") as new:
                while True:
                    count = old.readinto(space)
                    if not count:
                        break
                    new.write(space[:count])
                    write(".")
        with open(source, "rb") as old:
            # What is on the flash now, not what was meant to get there.
            with open(temp, "rb") as new:
                while True:
                    count = old.readinto(space)
                    if new.readinto(other) != count or space[:count] != other[:count]:
                        raise ValueError
                    write(".")
                    if not count:
                        break

    files = []
    try:
        for source, target in pairs:
            files.append((target, os.stat(source)[6]))
    except OSError:
        print("\x01%d" % len(files))
        raise
    try:
        # include prepare
        for (source, target), temp in zip(pairs, temps):
            try:
                copy(source, temp)
                commit(temp, target)
            except BaseException as error:
                try:
                    os.remove(temp)
                except OSError:
                    pass
                raise error
            done += 1
    finally:
        print("\x02%d" % done)
