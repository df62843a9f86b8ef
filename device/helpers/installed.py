# Tells what packages are installed, in one go: a line with the version of bytecode that is loaded; one with the folder for libraries (the
# first of sys.path that ends in /lib and is not in /rom, where none is given; a ? and sys.path where there is none); the file that says
# what was installed, in base64, or nothing; for each file in it its size, a space and its SHA-256 in base64, or "-"; and "=" and how many.
def _upyw(target, name):
    import sys, os, json
    from binascii import b2a_base64

    try:
        from hashlib import sha256
    except ImportError:
        sha256 = None
    print(getattr(sys.implementation, "_mpy", 0))
    paths = [path for path in sys.path if path.endswith("/lib") and not path.startswith("/rom")]
    target = target or (paths and paths[0])
    if not target:
        print("?" + "\t".join(sys.path))
        return
    print(target)
    base = target.rstrip("/") + "/"
    try:
        with open(base + name, "rb") as file:
            content = file.read()
    except OSError:
        print("\n=0")
        return
    print(b2a_base64(content).decode().strip())
    space = memoryview(bytearray(1024))
    count = 0
    try:
        for package in json.loads(content)["packages"]:
            for entry in package["files"]:
                path = base + entry["path"]
                count += 1
                try:
                    size = os.stat(path)[6]
                    sha = sha256 and sha256()
                    with open(path, "rb") as file:
                        while sha:
                            length = file.readinto(space)
                            if not length:
                                break
                            sha.update(space[:length])
                    print(size, sha and b2a_base64(sha.digest()).decode().strip() or "")
                except OSError:
                    print("-")
    except (ValueError, KeyError, TypeError):
        # Told by who reads what was printed above.
        pass
    print("=%d" % count)
