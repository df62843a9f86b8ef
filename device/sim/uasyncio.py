# uasyncio: asyncio's old name.
from asyncio import *
from asyncio import Event, Lock, gather, wait_for, wait_for_ms
