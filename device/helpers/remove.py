# Removes files, and with deep folders and all that is in them. Of the root, what is in it. A "." is printed for each file
# removed; at the end, or before it raises, a 0x02 and how many of the paths are done.
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
            elif deep:
                tasks.append((path, None))
                base = path.rstrip("/") + "/" if path else ""
                for entry in os.ilistdir(path):
                    tasks.append((base + entry[0], entry[1]))
            else:
                raise OSError(21)

    for index, path in enumerate(paths):
        try:
            remove(path, os.stat(path or "/")[0])
        except OSError:
            print("\x02%d" % index)
            raise
    print("\x02%d" % len(paths))
