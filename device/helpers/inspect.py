# Tells what is at paths, then what else is in the folders below and in theirs: a path's repr, a space and its size (-1: a
# folder), each on a line behind a 0x02.
def _upyw(prefix, names, checks, below):
    # include hash_paths
    for folder in below:
        base = folder.rstrip("/") + "/" if folder else ""
        try:
            entries = os.ilistdir(folder)
        except OSError:
            continue
        for entry in entries:
            path = base + entry[0]
            known = path.startswith(prefix) and path[len(prefix) :] in names
            if entry[1] == 0x4000:
                size = -1
                try:
                    # Never there, so nothing is moved: ENOENT within one file system. What is mounted here is not a part of it.
                    if not known:
                        os.rename(base + ".upyw-", path + "/.upyw-")
                except OSError as error:
                    if error.args[0] != 2:
                        continue
                below.append(path)
            else:
                # Some file systems tell no size here.
                size = entry[3] if len(entry) > 3 else os.stat(path)[6]
            if not known:
                say("%r %d\n" % (path, size))
    sign()
