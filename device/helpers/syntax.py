# Prints what is wrong with a file that has `more` behind its end, as Python sees it; nothing when it can run, or when this
# firmware cannot tell. A file that is not there counts as empty.
def _upyw(path, more):
    import sys

    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        source = b""
    try:
        compile(source + more.encode(), path, "exec")
    except (MemoryError, NameError):
        pass
    except Exception as error:
        sys.print_exception(error, sys.stdout)
