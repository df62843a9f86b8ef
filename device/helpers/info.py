# Prints (version, machine, platform, free memory in bytes, memory in use, unique id in hex or None).
def _upyw():
    import gc, os, sys

    try:
        version = os.uname().release
        machine = os.uname().machine
    except AttributeError:
        version = ".".join(str(part) for part in sys.implementation[1][:3])
        machine = getattr(sys.implementation, "_machine", sys.platform)
    try:
        from binascii import hexlify
        from machine import unique_id

        identity = hexlify(unique_id()).decode()
    except (ImportError, AttributeError):
        identity = None
    gc.collect()
    print((version, machine, sys.platform, gc.mem_free(), gc.mem_alloc(), identity))
