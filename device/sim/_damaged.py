# What MicroPython does at its start where its place for files holds something that is no file system (ports/esp32/modules/inisetup.py):
# it tells so until somebody interrupts it.
import micropython, time

micropython.kbd_intr(3)
while True:
    print("The filesystem appears to be corrupted. If you had important data there, you")
    print("may want to make a flash snapshot to try to recover it. Otherwise, perform")
    print("factory reprogramming of MicroPython firmware (completely erase flash, followed")
    print("by firmware programming).\n")
    time.sleep(3)
