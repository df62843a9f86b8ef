# Tells what is at each path, prefix + name ("//" stands between the names): "-" nothing, "/" a folder, "=" a file whose SHA-256
# begins with the six bytes that checks (base64) has for it; of any other file its size, a space and its SHA-256 in base64
# (without hashlib nothing), on a line of their own. Meanwhile a "." for every buffer read. Then the SHA-256 over those of the
# "=". Last, what else is in the folders below and in theirs: per line a path's repr, a space and its size (-1: a folder).
def _upyw(prefix, names, checks, below):
    import os, sys
    from binascii import a2b_base64, b2a_base64

    try:
        from hashlib import sha256
    except ImportError:
        sha256 = None
    say = sys.stdout.write
    buffer = memoryview(bytearray(4096))
    # Some boards take no str here.
    checks = a2b_base64(checks.encode())
    same = sha256 and sha256()
    names = names.split("//")
    at = 0
    for name in names:
        check = checks[at : at + 6]
        at += 6
        path = prefix + name
        try:
            stat = os.stat(path)
        except OSError:
            say("-")
            continue
        if stat[0] & 0x4000:
            say("/")
            continue
        found = b""
        if sha256:
            sha = sha256()
            with open(path, "rb") as file:
                while True:
                    count = file.readinto(buffer)
                    if not count:
                        break
                    sha.update(buffer[:count])
                    say(".")
            found = sha.digest()
        if found and found[:6] == check:
            say("=")
            same.update(found)
        else:
            say("%d %s" % (stat[6], b2a_base64(found).decode()))
    if same:
        say(b2a_base64(same.digest()).decode())
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
                print(repr(path), size)
