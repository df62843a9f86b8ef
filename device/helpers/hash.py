# Tells what is at paths.
def _upyw(prefix, names, checks):
    # include hash_paths
    sign()
