# Removes files, and with deep folders and all that is in them. Of the root, what is in it. A "." is printed for each file
# removed; at the end, or before it raises, a 0x02 and how many of the paths are done. Where one of them cannot be removed, a
# 0x01 and how many could before it; none is then.
def _upyw(paths, deep):
    import os, sys

    def remove(path, mode):
        # What is still to be done; no recursion, since folders may lie deeper than the stack reaches.
        tasks = [(path, mode)]
        while tasks:
            path, mode = tasks.pop()
            if mode is None:
                # All that was in it is gone.
                if path.strip("/"):
                    os.rmdir(path)
            elif not mode & 0x4000:
                os.remove(path)
                sys.stdout.write(".")
            else:
                tasks.append((path, None))
                base = path.rstrip("/") + "/" if path else ""
                for entry in os.ilistdir(path):
                    tasks.append((base + entry[0], entry[1]))

    # All are looked at first: where one cannot be removed, none is.
    modes = []
    try:
        for path in paths:
            mode = os.stat(path or "/")[0]
            if mode & 0x4000 and not deep:
                raise OSError(21)
            modes.append(mode)
    except OSError:
        print("\x01%d" % len(modes))
        raise
    for index, path in enumerate(paths):
        try:
            remove(path, modes[index])
        except OSError:
            print("\x02%d" % index)
            raise
    print("\x02%d" % len(paths))
