# Prints (free, used) before a garbage collection, (free, used) after it, a list of (total, free, largest free) of each part of the memory
# that the firmware has for itself (ESP32), the size of the flash or None, and of a block of the heap; then what micropython.mem_info() says.
def _upyw():
    import gc, micropython, sys

    before = (gc.mem_free(), gc.mem_alloc())
    gc.collect()
    after = (gc.mem_free(), gc.mem_alloc())
    try:
        import esp32

        regions = [part[:3] for part in esp32.idf_heap_info(esp32.HEAP_DATA)]
    except (ImportError, AttributeError):
        regions = []
    try:
        from esp import flash_size

        flash = flash_size()
    except (ImportError, AttributeError):
        flash = None
    # Four words.
    block = 32 if sys.maxsize >> 32 else 16
    print((before, after, regions, flash, block))
    try:
        micropython.mem_info()
    except AttributeError:
        pass
