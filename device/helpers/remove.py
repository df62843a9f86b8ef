# Removes files, and with deep folders and all that is in them. Of the root, what is in it. A "." is printed for each file
# removed; at the end, or before it raises, a 0x02 and how many of the paths are done.
def _upyw(paths, deep):
    import os, sys

    def remove(path, mode):
        if not mode & 0x4000:
            os.remove(path)
            sys.stdout.write(".")
            return
        if not deep:
            raise OSError(21)
        base = path.rstrip("/") + "/" if path else ""
        for entry in list(os.ilistdir(path)):
            remove(base + entry[0], entry[1])
        if path.strip("/"):
            os.rmdir(path)

    for index, path in enumerate(paths):
        try:
            remove(path, os.stat(path or "/")[0])
        except OSError:
            print("\x02%d" % index)
            raise
    print("\x02%d" % len(paths))
