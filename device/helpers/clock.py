# Sets the clock where a time is given: [year, month, day, weekday (Monday is 0), hour, minute, second, microsecond]. Prints what it
# shows then, as (year, month, day, hour, minute, second), or () where there is none; "no" where it cannot be set.
def _upyw(wanted):
    import time

    try:
        from machine import RTC

        rtc = RTC()
        if wanted:
            rtc.datetime(wanted)
        now = rtc.datetime()
        print(now[:3] + now[4:7])
        return
    except (ImportError, AttributeError, TypeError, NotImplementedError):
        if wanted:
            print("no")
            return
    try:
        print(time.localtime()[:6])
    except (AttributeError, OSError):
        print(())
