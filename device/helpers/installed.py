# Tells what packages are installed and what is where others would be put, in one go. Each answer is said at once behind a 0x02: the version of
# bytecode that is loaded; the folder for libraries (the first of sys.path that ends in /lib and is not in /rom, where none is given; a ? and
# sys.path where there is none); its free bytes; whether an installation was cut off: 1 where its files wait, 2 where the record
# does; the file that says what was installed,
# in base64, or nothing. Then for each file in it, and for each of names that is not, its size, a space and its SHA-256 in base64, or "-" where
# there is none, "/" for a folder; of each of names a "!" and what would hide it, or be hidden by it; at last "=" and the SHA-256 of all that.
def _upyw(target, state, waiting, names):
    import sys, os, json
    from binascii import b2a_base64

    try:
        from hashlib import sha256
    except ImportError:
        sha256 = None
    sign = sha256 and sha256()
    space = memoryview(bytearray(1024))

    def say(text):
        line = "%s\n" % text
        sys.stdout.write("\x02" + line)
        if sign:
            sign.update(line.encode())

    def in_base64(content):
        return b2a_base64(content).decode().strip()

    def mode_of(path):
        try:
            return os.stat(path)[0]
        except OSError:
            return 0

    def free():
        # A folder that is not there yet will be beside the one above it.
        for path in (target, target[: target.rfind("/")], "/"):
            try:
                disk = os.statvfs(path)
                return disk[0] * disk[3]
            except OSError:
                pass
        return ""

    def tell(path):
        try:
            stat = os.stat(path)
            if stat[0] & 0x4000:
                return say("/")
            sha = sha256 and sha256()
            with open(path, "rb") as file:
                while sha:
                    length = file.readinto(space)
                    if not length:
                        break
                    sha.update(space[:length])
            say("%d %s" % (stat[6], sha and in_base64(sha.digest()) or ""))
        except OSError:
            say("-")

    say(getattr(sys.implementation, "_mpy", 0))
    paths = [path for path in sys.path if path.endswith("/lib") and not path.startswith("/rom")]
    target = target or (paths and paths[0])
    if not target:
        return say("?" + "\t".join(sys.path))
    say(target)
    base = target.rstrip("/") + "/"
    say(free())
    say(mode_of(base + waiting + state) and 2 or mode_of(base + waiting[:-1]) and 1 or 0)
    try:
        with open(base + state, "rb") as file:
            content = file.read()
    except OSError:
        content = b""
    say(in_base64(content))
    known = []
    try:
        for package in json.loads(content)["packages"] if content else ():
            known += [entry["path"] for entry in package["files"]]
    except (ValueError, KeyError, TypeError):
        # Told by who reads what was said above.
        pass
    for name in known:
        tell(base + name)
    names = names.split("//") if names else []
    for name in names:
        if name not in known:
            tell(base + name)
    for name in names:
        end = name.rfind(".")
        twin = {".py": ".mpy", ".mpy": ".py"}.get(name[end:])
        if twin and mode_of(base + name[:end] + twin) & 0x8000:
            say("!" + name[:end] + twin)
    if sign:
        sys.stdout.write("\x02=%s\n" % in_base64(sign.digest()))
    else:
        say("=")
