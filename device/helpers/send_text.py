# Prints files as text, for firmware that lacks what send.py needs: the size, then lines of base64 (without binascii: as
# Python shows bytes), then in the same way the SHA-256 (without hashlib an empty line).
def _upyw(paths):
    import os

    try:
        from binascii import b2a_base64

        show = lambda piece: b2a_base64(piece).decode().strip()
    except (ImportError, AttributeError):
        show = repr
    try:
        from hashlib import sha256
    except (ImportError, AttributeError):
        sha256 = None
    for path in paths:
        stat = os.stat(path)
        if stat[0] & 0x4000:
            raise OSError(21)
        sha = sha256 and sha256()
        with open(path, "rb") as file:
            print(stat[6])
            while True:
                piece = file.read(384)
                if not piece:
                    break
                if sha:
                    sha.update(piece)
                print(show(piece))
        print(sha and show(sha.digest()) or "")
