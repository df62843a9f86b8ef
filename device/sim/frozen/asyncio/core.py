# The scheduler: tasks in order of their time, sleeping in between. Task and TaskQueue are MicroPython's C types (_asyncio), which
# fix how a scheduler must treat them. Its structure follows extmod/asyncio/core.py of MicroPython, MIT licence,
# Copyright (c) 2019-2020 Damien P. George.
from time import ticks_ms as ticks, ticks_add, ticks_diff
from _asyncio import Task, TaskQueue
from micropython import const
import select
import sys


class CancelledError(BaseException):
    pass


class TimeoutError(Exception):
    pass


_exc_context = {"message": "Task exception wasn't retrieved", "exception": None, "future": None}
_task_queue = TaskQueue()
cur_task = None
_IDLE_MS = const(3)


# Streams, and whatever else can be polled (ThreadSafeFlag), that tasks wait for.
class IOQueue:
    def __init__(self):
        self.poller = select.poll()
        self.map = {}  # id(stream): [task that reads, task that writes, stream]

    def queue_read(self, stream):
        self._enqueue(stream, 0)

    def queue_write(self, stream):
        self._enqueue(stream, 1)

    def _enqueue(self, stream, side):
        entry = self.map.setdefault(id(stream), [None, None, stream])
        assert entry[side] is None
        entry[side] = cur_task
        self._register(entry)
        # So that a task that is cancelled is taken out.
        cur_task.data = self

    def _register(self, entry):
        events = (select.POLLIN if entry[0] else 0) | (select.POLLOUT if entry[1] else 0)
        if events:
            self.poller.register(entry[2], events)
        else:
            del self.map[id(entry[2])]
            self.poller.unregister(entry[2])

    def remove(self, task):
        for entry in list(self.map.values()):
            if task in entry[:2]:
                entry[:2] = [None if each is task else each for each in entry[:2]]
                self._register(entry)

    # -1 waits for as long as it takes.
    def wait_io_event(self, wait_ms):
        for stream, events in self.poller.ipoll(wait_ms):
            entry = self.map[id(stream)]
            for side, others in ((0, select.POLLOUT), (1, select.POLLIN)):
                if entry[side] and events & ~others:
                    _task_queue.push(entry[side])
                    entry[side] = None
            self._register(entry)


_io_queue = IOQueue()


class SingletonGenerator:
    def __init__(self):
        self.state = None
        self.exc = StopIteration()

    def __iter__(self):
        return self

    def __next__(self):
        if self.state is None:
            self.exc.__traceback__ = None
            raise self.exc
        _task_queue.push(cur_task, self.state)
        self.state = None
        return None


def sleep_ms(ms, sgen=SingletonGenerator()):
    sgen.state = ticks_add(ticks(), max(0, ms))
    return sgen


def sleep(seconds):
    return sleep_ms(int(seconds * 1000))


def _promote_to_task(awaitable):
    return awaitable if isinstance(awaitable, Task) else create_task(awaitable)


def create_task(coroutine):
    if not hasattr(coroutine, "send"):
        raise TypeError("coroutine expected")
    task = Task(coroutine, globals())
    _task_queue.push(task)
    return task


def _wait_ms(task):
    if task:
        return max(0, ticks_diff(task.ph_key, ticks()))
    # With nothing in the queue a callback may still wake the main task.
    return -1 if _io_queue.map else _IDLE_MS


def run_until_complete(main_task=None):
    global cur_task
    while True:
        wait = 1
        while wait != 0:
            task = _task_queue.peek()
            if task is None and not _io_queue.map:
                cur_task = None
                if main_task is None or not main_task.state:
                    return None
            wait = _wait_ms(task)
            _io_queue.wait_io_event(wait)
        task = cur_task = _task_queue.pop()
        reason = task.data
        try:
            if reason:
                # Into a coroutine that has ended nothing can be thrown: it says StopIteration, and is reported below.
                task.data = None
                task.coro.throw(reason)
            else:
                task.coro.send(None)
        except (CancelledError, Exception) as end:
            is_main = task is main_task
            if is_main:
                cur_task = None
                if not isinstance(end, StopIteration):
                    task.state = False
                    raise end
            if task.state:
                _finish(task, end, is_main)
            elif task.state is None and not is_main:
                _report(task, reason)
            if is_main:
                return end.value


# Nobody has asked for this task's exception, up to its second turn. Whoever asks later still gets it.
def _report(task, error):
    task.data = error
    _exc_context["exception"] = error
    _exc_context["future"] = task
    Loop.call_exception_handler(_exc_context)


# A task has ended: those who wait for it go on; with an exception that nobody waits for it gets a second turn.
def _finish(task, end, is_awaited):
    if task.state is True:
        task.state = False if is_awaited else None
    elif callable(task.state):
        task.state(task, end)
        task.state = False
        is_awaited = True
    else:
        while task.state.peek():
            _task_queue.push(task.state.pop())
            is_awaited = True
        task.state = False
    if not is_awaited and not isinstance(end, (CancelledError, StopIteration)):
        _task_queue.push(task)
    task.data = end


def run(coroutine):
    return run_until_complete(create_task(coroutine))


async def _stopper():
    pass


cur_stopper = None


class Loop:
    _exc_handler = None

    def create_task(coroutine):
        return create_task(coroutine)

    def run_forever():
        global cur_stopper
        cur_stopper = Task(_stopper(), globals())
        run_until_complete(cur_stopper)

    def run_until_complete(awaitable):
        return run_until_complete(_promote_to_task(awaitable))

    def stop():
        global cur_stopper
        if cur_stopper is not None:
            _task_queue.push(cur_stopper)
            cur_stopper = None

    def close():
        pass

    def set_exception_handler(handler):
        Loop._exc_handler = handler

    def get_exception_handler():
        return Loop._exc_handler

    def default_exception_handler(loop, context):
        print(context["message"], file=sys.stderr)
        print("future:", context["future"], "coro=", context["future"].coro, file=sys.stderr)
        sys.print_exception(context["exception"], sys.stderr)

    def call_exception_handler(context):
        (Loop._exc_handler or Loop.default_exception_handler)(Loop, context)


def get_event_loop(runq_len=0, waitq_len=0):
    return Loop


def current_task():
    if cur_task is None:
        raise RuntimeError("no running event loop")
    return cur_task


def new_event_loop():
    global _task_queue, _io_queue, cur_task
    _task_queue = TaskQueue()
    _io_queue = IOQueue()
    cur_task = None
    return Loop
