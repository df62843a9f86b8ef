# Prints files as text, for firmware that lacks what send.py needs: the size, then lines of base64, then the SHA-256 in hex
# (without hashlib an empty line).
def _upyw(paths):
    import os
    from binascii import b2a_base64, hexlify

    try:
        from hashlib import sha256
    except ImportError:
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
                print(b2a_base64(piece).decode().strip())
                if sha:
                    sha.update(piece)
        print(hexlify(sha.digest()).decode() if sha else "")
