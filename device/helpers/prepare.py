# Included by the receivers. Given: tag (8 hex digits), files, a list of (path, size), and say, which gets 0x18 now and then
# while work goes on that may take long. A file is written under a temporary
# name at the root of its file system, where the next connection finds and removes it if the power goes; then it is
# renamed over its target, which littlefs does atomically.
import os

def locate(path, index):
    # Where the temporary file goes, or OSError(errno, index) when the target cannot be written.
    folder = path[: path.rfind("/") + 1]
    try:
        if folder.strip("/") and not os.stat(folder[:-1])[0] & 0x4000:
            raise OSError(20)
        if folder[-11:] == "/.upyw-new/":
            # It waits there for others, and counts for nothing until all are whole.
            return path
        if folder not in roots:
            root = "/"
            try:
                # Never there, so nothing is moved: ENOENT within one file system, another errno across two.
                os.rename("/.upyw-", folder + ".upyw-")
            except OSError as error:
                if error.args[0] != 2:
                    root = folder
            roots[folder] = root
            for entry in list(os.ilistdir(root)):
                name = entry[0]
                if name[:6] + name[14:] == ".upyw-.tmp":
                    os.remove(root + name)
    except OSError as error:
        raise OSError(error.args[0], index)
    return roots[folder] + ".upyw-" + tag + ".tmp"

def check():
    # Whether all the files will fit, one after the other, each beside the one that it replaces.
    temps = []
    disk = None
    for index, (path, size) in enumerate(files):
        say(b"\x18")
        temps.append(locate(path, index))
        if not disk:
            disk = os.statvfs(temps[0][: temps[0].rfind("/") + 1] or ".")
            unit = disk[1]
            free = disk[3]
        # littlefs keeps very small files beside their names.
        blocks = (size + unit - 1) // unit if size > 200 else 0
        if blocks > free:
            raise OSError(28, index, size, free * unit)
        try:
            old = os.stat(path)
        except OSError:
            old = (0,) * 7
        if old[0] & 0x4000:
            raise OSError(21, index)
        free += old[6] // unit - blocks
    return temps

def hash_of(path):
    # Of what is on the flash now, not of what was meant to get there.
    sha = sha256()
    with open(path, "rb") as file:
        while True:
            count = file.readinto(space)
            if not count:
                return sha.digest()
            sha.update(space[:count])
            say(b"\x18")

# include commit

roots = {}
temps = check()
