# Makes folders, with parents also those above them; then a folder that is there already is fine.
# At the end, or before it raises, it prints a 0x02 and how many of the folders are done.
def _upyw(paths, parents):
    import os

    for index, path in enumerate(paths):
        end = 0 if parents else len(path)
        while end >= 0:
            end = path.find("/", end + 1)
            part = path if end < 0 else path[:end]
            try:
                os.mkdir(part)
            except OSError as error:
                print("\x02%d" % index)
                if not parents or error.args[0] != 17:
                    raise
                if not os.stat(part)[0] & 0x4000:
                    raise OSError(20)
    print("\x02%d" % len(paths))
