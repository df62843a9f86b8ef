# Prints what is in a folder: per entry its name's repr, a space, and its size (-1: a folder). With deep, the folders met
# follow in that order, each after an empty line, and at the end "=" and how many entries that were. For a file only its size is
# printed. Where nothing is mounted a folder looks empty: ENODEV.
# tidy: first removes what a transfer left behind whose cable was cut (see prepare.py).
def _upyw(path, deep, tidy):
    import os

    def entries(folder):
        for entry in list(os.ilistdir(folder)):
            name = entry[0]
            full = folder.rstrip("/") + "/" + name if folder else name
            if name[:6] + name[14:] == ".upyw-.tmp":
                try:
                    os.remove(full)
                    continue
                except OSError:
                    pass
            yield name, full, entry

    try:
        if tidy:
            for _ in entries("/"):
                pass
        folders = [path]
        count = 0
        for folder in folders:
            if folder is not path:
                print()
            for name, full, entry in entries(folder):
                if entry[1] == 0x4000:
                    size = -1
                    if deep:
                        folders.append(full)
                else:
                    # Some file systems tell no size here.
                    size = entry[3] if len(entry) > 3 else os.stat(full)[6]
                print(repr(name), size)
                count += 1
        if not count and not os.statvfs(path or "/")[2]:
            raise OSError(19)
        print("=%d" % count)
    except OSError:
        stat = os.stat(path or "/")
        if stat[0] & 0x4000:
            raise
        print(stat[6])
