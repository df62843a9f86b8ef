# Runs once at the start, and calls the collector from within everything that may be on the stack while it works: of these C functions
# none has an object that is nowhere else. The machine underneath remembers which they are (src/sim/micropython/board-heap.ts).
import gc, micropython


def look(*args, **kwargs):
    gc.collect()


class Every:
    def __init__(self, *args):
        look()

    __call__ = __getitem__ = __setitem__ = __delitem__ = __getattr__ = __add__ = __iadd__ = __lt__ = __eq__ = __init__
    __enter__ = __invert__ = __init__

    def __exit__(self, *args):
        pass

    @property
    def attribute(self):
        look()

    @attribute.setter
    def attribute(self, value):
        look()

    @classmethod
    def of_class(cls, *args):
        look()

    @staticmethod
    def of_none():
        look()

    def __iter__(self):
        look()
        return self

    def __next__(self):
        look()
        raise StopIteration


class Derived(Every):
    def __init__(self):
        super().__init__(1)


def generator():
    look()
    yield look()


def delegating():
    yield from generator()


def closure(*args):
    def inner(*more, **named):
        look(*args, **named)

    inner(1, name=2)
    inner(*args)


every = Every()
every()
every.attribute
every.of_class()
every.of_none()
every.none
every.attribute = 1
~every
look(*(1, 2), **{})
every.of_class(*())
every[0]
every[0] = 1
del every[0]
every + 1
every += 1
every = Derived()
every < 1
every == 1
with every:
    pass
for _ in every:
    pass
for _ in delegating():
    pass
next(generator())
generator().send(None)
try:
    generator().throw(ValueError)
except ValueError:
    pass
closure(1)
exec("look()")
micropython.schedule(look, None)
look()
import esp
