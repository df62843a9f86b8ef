# Sends files, as fast as the console takes them.
def _upyw(paths, skip):
    import sys

    say = sys.stdout.buffer.write

    # include send_frames
