# Receives files in pieces that come as arguments: for firmware that lacks what receive.py needs. A generator that is
# kept from call to call: bytes sent to it are written, None ends a file and yields its SHA-256 (without hashlib: where
# it is, to be read back), then True or False says whether that is what was meant.
def _upyw(tag, files):
    try:
        from hashlib import sha256
    except ImportError:
        sha256 = None
    say = len

    # include prepare

    space = memoryview(bytearray(512))
    for (path, _), temp in zip(files, temps):
        try:
            with open(temp, "wb") as file:
                while True:
                    piece = yield
                    if piece is None:
                        break
                    file.write(piece)
            if not (yield sha256 and hash_of(temp) or temp):
                raise ValueError
            commit(temp, path)
        except BaseException as error:
            try:
                os.remove(temp)
            except OSError:
                pass
            raise error
    yield
