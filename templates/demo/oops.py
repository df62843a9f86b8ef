# A program with a mistake in it, to see how one is told.
voltages = [3.3, 5.0]
print("the third voltage is", voltages[2])
