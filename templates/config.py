# Settings of this board, written by "upyw provision". The next run writes this file anew: change upyw.config.yaml instead.

# Wi-Fi; without a password (""), an open network. wifi_hostname and wifi_country may be None.
wifi_ssid = {{ wifi_ssid }}
wifi_passwd = {{ wifi_passwd }}
wifi_hostname = {{ wifi_hostname }}
wifi_country = {{ wifi_country }}

# The clock: a time server, and how far local time is ahead of UTC.
ntp_host = {{ ntp_host }}
utc_offset_minutes = {{ utc_offset_minutes }}

# The web service that api_test.py talks to.
api_base_url = {{ api_base_url }}

# What is connected to which GPIO.
pin_btn1 = {{ pin_btn1 }}
pin_btn2 = {{ pin_btn2 }}
pin_led = {{ pin_led }}
pin_adc = {{ pin_adc }}
