# ds18x20: as many sensors as the bus has, which is none.
class DS18X20:
    def __init__(self, onewire):
        self.ow = onewire

    def scan(self):
        return self.ow.scan()

    def convert_temp(self):
        self.ow.reset(True)

    def read_temp(self, rom):
        self.ow.reset(True)
