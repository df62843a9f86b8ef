# Prints (mount point, size in bytes, free bytes) of each file system.
def _upyw():
    import os

    try:
        points = [point for _, point in os.mount()]
    except (TypeError, ValueError, OSError):
        # Before v1.25 the mounts cannot be listed: a folder in / is one when nothing can be moved to it from /.
        points = ["/"]
        for entry in os.ilistdir("/"):
            point = "/" + entry[0]
            try:
                if entry[1] == 0x4000:
                    os.rename("/.upyw-", point + "/.upyw-")
            except OSError as error:
                if error.args[0] != 2:
                    points.append(point)
    mounted = False
    for point in points:
        stat = os.statvfs(point)
        if stat[2]:
            mounted = True
            print((point, stat[1] * stat[2], stat[1] * stat[3]))
    if not mounted:
        # ENODEV
        raise OSError(19)
