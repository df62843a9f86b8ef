# Included by those who put a file in place of another one, which littlefs does atomically.
def commit(temp, path):
    try:
        os.rename(temp, path)
    except OSError as error:
        if error.args[0] != 17:
            raise
        # A file system whose rename replaces nothing.
        old = path + ".upyw-old"
        os.rename(path, old)
        try:
            os.rename(temp, path)
        except OSError:
            os.rename(old, path)
            raise
        os.remove(old)
