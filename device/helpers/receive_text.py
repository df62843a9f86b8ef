# Receives files in pieces that come as arguments: for firmware that lacks what receive.py needs. It leaves a function, _upyw_r, in
# the user's names (_user), to be called with a piece (base64 or bytes), with None at the end of a file, which prints its SHA-256
# (without hashlib: where it is, to be read back), then with True or False, whether that is what was meant, and with "" at the end of all.
def _upyw(tag, files, base64):
    try:
        from hashlib import sha256
    except (ImportError, AttributeError):
        sha256 = None
    if base64:
        from binascii import a2b_base64
    say = len

    # include prepare

    space = memoryview(bytearray(512))

    def receive():
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
                if temp != path:
                    commit(temp, path)
            except BaseException as error:
                try:
                    os.remove(temp)
                except OSError:
                    pass
                raise error
        yield

    receiver = receive()
    next(receiver)

    def take(piece):
        if piece == "":
            receiver.close()
        elif piece is None or piece is True or piece is False:
            print(repr(receiver.send(piece)))
        else:
            receiver.send(a2b_base64(piece) if base64 else piece)

    _user["_upyw_r"] = take
