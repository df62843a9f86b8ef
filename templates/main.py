# Runs at every start, after boot.py has seen to Wi-Fi and the clock. Make it your own; Ctrl-C stops it.
import io
import wifi_and_ntp

print("It is %02d:%02d. This is main.py." % wifi_and_ntp.local_time()[3:5])
io.blink(3, 200)
