# Removes an empty folder, and prints a 0x02 and 1. littlefs would remove a file the same way, and FAT says EACCES for one that is not empty.
def _upyw(path):
    import os

    if not os.stat(path)[0] & 0x4000:
        raise OSError(20)
    if os.listdir(path):
        raise OSError(39)
    os.rmdir(path)
    print("\x021")
