# Prints the size of about the largest piece of memory that can be had, found by trying.
def _upyw():
    import gc

    gc.collect()
    low = 0
    high = gc.mem_free()
    while high - low > 256:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
    gc.collect()
    print((low,))
