# Removes a file, or with deep a folder and all that is in it. Of the root, what is in it.
def _upyw(path, deep):
    import os

    def remove(path, mode):
        if not mode & 0x4000:
            return os.remove(path)
        if not deep:
            raise OSError(21)
        base = path.rstrip("/") + "/" if path else ""
        for entry in list(os.ilistdir(path)):
            remove(base + entry[0], entry[1])
        if path.strip("/"):
            os.rmdir(path)

    remove(path, os.stat(path or "/")[0])
