# Makes files that are not there, empty; those that are there count as changed now. At the end, or before it raises, a 0x02
# and how many are done.
def _upyw(paths):
    import os

    done = 0
    try:
        for path in paths:
            try:
                folder = os.stat(path)[0] & 0x4000
            except OSError:
                folder = False
            if not folder:
                open(path, "ab").close()
            done += 1
    finally:
        print("\x02%d" % done)
