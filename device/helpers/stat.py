# Prints what os.stat tells of a path.
def _upyw(path):
    import os

    print(tuple(os.stat(path)))
