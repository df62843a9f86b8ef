# neopixel: remembers its colours; there is nothing to light.
class NeoPixel:
    ORDER = (1, 0, 2, 3)

    def __init__(self, pin, n, bpp=3, timing=1):
        self.pin, self.n, self.bpp = pin, n, bpp
        self.buf = bytearray(n * bpp)
        pin.init(pin.OUT)

    def __len__(self):
        return self.n

    def __setitem__(self, index, colour):
        for at in range(self.bpp):
            self.buf[index * self.bpp + self.ORDER[at]] = colour[at]

    def __getitem__(self, index):
        return tuple(self.buf[index * self.bpp + self.ORDER[at]] for at in range(self.bpp))

    def fill(self, colour):
        for index in range(self.n):
            self[index] = colour

    def write(self):
        pass
