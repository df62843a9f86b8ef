# Runs a program. Says `start` once it is compiled, `end` when it is through, and behind that the arguments of its SystemExit.
# Everything that the end needs is made before: the program may lock the heap or leave no memory.
def _upyw(source, name, arguments, keep, asks, start, end):
    import builtins, micropython, sys

    unlock = micropython.heap_unlock
    write = sys.stdout.write
    # With a namespace of its own it finds nothing of ours, nor what an earlier program left.
    space = builtins.globals()
    del space["_upyw"]
    program = builtins.compile(source, name, "exec")
    source = None
    if not keep:
        space = {"__name__": "__main__"}
    before = sys.argv[:]
    if arguments:
        sys.argv[:] = arguments
    write(start)
    told = "\n"
    try:
        builtins.exec(program, space)
    except builtins.SystemExit as error:
        told = builtins.repr(error.args) + "\n"
        # Without arguments it may be machine.soft_reset(), which does its work on the way out.
        if not error.args:
            raise
    finally:
        # It may have locked the heap and not unlocked it. MicroPython's own prompt would see to that, the raw REPL does not.
        locks = 9
        while locks:
            try:
                builtins.bytearray(1)
                locks = 0
            except builtins.MemoryError:
                unlock()
                locks -= 1
        write(end)
        write(told)
        sys.argv[:] = before
        if asks:
            # What was typed ahead and not read would reach the prompt.
            try:
                import uselect as select
            except ImportError:
                import select

            poll = select.poll()
            poll.register(sys.stdin, 1)
            while poll.poll(0):
                sys.stdin.read(1)
