# A first program: looks at the board it runs on, counts, and says goodbye.
import os
import sys
import time

name = os.uname().machine
print("Hello from", name)
print("MicroPython", ".".join(str(part) for part in sys.implementation.version[:3]))

for number in range(1, 4):
    print("tick", number)
    time.sleep_ms(200)

print("Files here:", ", ".join(sorted(os.listdir())))
