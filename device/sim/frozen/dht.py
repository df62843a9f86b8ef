# dht: a sensor in a pleasant room.
class DHT11:
    def __init__(self, pin):
        self.pin = pin

    def measure(self):
        pass

    def humidity(self):
        return 45

    def temperature(self):
        return 22


class DHT22(DHT11):
    def humidity(self):
        return 45.2

    def temperature(self):
        return 21.7
