# onewire: a bus with no device on it.
class OneWireError(Exception):
    pass


class OneWire:
    SEARCH_ROM = 0xF0
    MATCH_ROM = 0x55
    SKIP_ROM = 0xCC

    def __init__(self, pin):
        self.pin = pin

    def reset(self, required=False):
        if required:
            raise OneWireError
        return False

    def scan(self):
        return []

    def readbyte(self):
        return 0xFF

    def readbit(self):
        return 1

    def writebyte(self, value):
        pass

    def writebit(self, value):
        pass
