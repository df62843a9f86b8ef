"""Wi-Fi and the clock, at every boot.

boot.py calls it with two lines:

    import wifi_and_ntp
    wifi_and_ntp.startup()

The network's name and the rest come from config.py; each of these values may be missing there:

    wifi_ssid, wifi_passwd    the network; no password, None or "": an open network
    wifi_hostname             the name the board gives itself in the network
    wifi_country              two letters, such as "CZ"
    ntp_host                  who is asked for the time, "pool.ntp.org" if not given
    utc_offset_minutes        60 for UTC+1; for printing only: the board's clock is kept in UTC,
                              as everywhere in MicroPython. local_time() adds the offset.

At the prompt: startup("ssid", "password"), wifi_connect(), sync_ntp_time(), local_time().
Whatever goes wrong, boot goes on; only Ctrl-C passes through and ends boot.py: it leads to the prompt. (Up to v1.21
firmware still runs main.py then.)

What it prints is for people and for programs. After "wifi_and_ntp: " a line begins with one of these:

    connecting to SSID
    retrying: REASON
    connected ip=192.168.1.7 rssi=-50 after=2.3 s
    ip configuration: address mask gateway dns
    no such network: ...      nobody in range has that name (or not on 2.4 GHz)
    in range: ['a', 'b']      behind it: what the board hears, the strongest first
    wrong password: ...
    other security: ...       the name is there, with a kind of security that does not fit the password
    no address: ...           joined, but DHCP gave no address
    not connected (status 203): ...   any other reason, with what the chip says
    no ssid: ...              neither startup() nor config.py names a network
    config.py: ...            it is there, but cannot be imported
    clock set 2026-11-23 04:49:45 UTC+01:00
    no time from HOST: ...
    failed: ...               an exception nobody expected
    interrupted               by Ctrl-C
    done after=5.1 s          always the last line of startup(), but for Ctrl-C

Lines of dots in between show that it waits. The password is in none of them.
"""

import sys
import time

# How long startup() takes at most: this for Wi-Fi, then three questions for the time of about a second each.
_WIFI_TIMEOUT_S = 20
# A scan of all channels takes about 2.5 s, and until it is over the chip reports how the last attempt went.
_PATIENCE_MS = 5000
_NTP_TRIES = 3
_NTP_PAUSE_MS = 1000
_MOST_NAMES = 10

# wifi_err_reason_t of ESP-IDF, which status() passes on; not all have a name in the network module.
_NO_NETWORK = (201, 212)
_WRONG_PASSWORD = (15, 202, 204, 205)
_OTHER_SECURITY = (210, 211)


def startup(ssid=None, passwd=None):
    """Joins the network and sets the clock. Returns True when both worked; raises nothing but KeyboardInterrupt."""
    began = time.ticks_ms()
    worked = False
    try:
        worked = wifi_connect(ssid, passwd) is not None and sync_ntp_time()
    except Exception as error:
        _say("failed:", _describe(error))
    except KeyboardInterrupt:
        _say("interrupted")
        raise
    _say("done after=%.1f s" % _seconds_since(began))
    return worked


def wifi_connect(ssid=None, passwd=None, timeout_s=_WIFI_TIMEOUT_S, tries=2):
    """Joins the network. Returns the connected network.WLAN, or None after it has said why not."""
    config = _config()
    if ssid is None:
        ssid = getattr(config, "wifi_ssid", None)
        passwd = getattr(config, "wifi_passwd", None) if passwd is None else passwd
    if not ssid:
        _say('no ssid: set wifi_ssid in config.py, or call wifi_and_ntp.startup("ssid", "password")')
        return None
    began = time.ticks_ms()
    _say("connecting to", _printable(ssid))
    wlan = _switch_on(getattr(config, "wifi_hostname", None), getattr(config, "wifi_country", None))
    if wlan.isconnected() and _current_ssid(wlan) == ssid:
        return _report(wlan, began)
    reason = None
    for attempt in range(tries):
        if attempt:
            _say("retrying:", reason)
        reason = _join(wlan, ssid, passwd, began, timeout_s * 1000, reason)
        if reason is None:
            # From now on a network that drops out is joined again, for ever.
            _set(wlan, reconnects=-1)
            return _report(wlan, began)
        if _seconds_since(began) >= timeout_s:
            break
    _say(reason + ": " + _advice(reason, ssid))
    if reason == "no such network":
        _say("in range:", _names_in_range(wlan))
    return None


def sync_ntp_time(host=None, tries=_NTP_TRIES):
    """Sets the board's clock, in UTC, from an NTP server. Returns True when it is set."""
    config = _config()
    host = host or getattr(config, "ntp_host", None) or "pool.ntp.org"
    error = None
    for attempt in range(tries):
        if attempt:
            time.sleep_ms(_NTP_PAUSE_MS)
        try:
            import ntptime

            ntptime.host = host
            ntptime.settime()
        except Exception as failure:
            error = failure
        else:
            offset = _offset_minutes(config)
            _say("clock set %04d-%02d-%02d %02d:%02d:%02d" % local_time()[:6], _zone(offset))
            return True
    _say("no time from %s: %s; is the internet reachable, and UDP port 123 open?" % (host, _describe(error)))
    return False


def local_time():
    """The time with config.py's utc_offset_minutes added: (year, month, day, hour, minute, second, weekday, yearday)."""
    return tuple(time.gmtime(time.time() + 60 * _offset_minutes(_config()))[:8])


def _config():
    try:
        import config

        return config
    except ImportError:
        return None
    except Exception as error:
        # Only the type: the message may quote what stands in the file, and so the password.
        _say("config.py: %s; see where with: import config" % type(error).__name__)
        return None


def _offset_minutes(config):
    offset = getattr(config, "utc_offset_minutes", 0)
    return offset if isinstance(offset, int) else 0


def _zone(offset):
    return "UTC" + ("%s%02d:%02d" % ("-" if offset < 0 else "+", abs(offset) // 60, abs(offset) % 60) if offset else "")


def _switch_on(hostname, country):
    import network

    # Taken over when the radio is switched on; both are there from v1.20.
    for name, value in (("country", country), ("hostname", hostname)):
        if value and hasattr(network, name):
            try:
                getattr(network, name)(value)
            except (OSError, ValueError) as error:
                _say("%s not taken: %s" % (name, _describe(error)))
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    if hostname and not hasattr(network, "hostname"):
        _set(wlan, dhcp_hostname=hostname)
    return wlan


def _join(wlan, ssid, passwd, began, timeout_ms, reason):
    """One attempt. Returns None when connected, otherwise why not; `reason` is what the attempt before came to."""
    _leave(wlan)
    # Without a limit the chip tries for ever, and before v1.22 says "connecting" all the while.
    _set(wlan, reconnects=1)
    started = time.ticks_ms()
    try:
        if passwd:
            wlan.connect(ssid, passwd)
        else:
            wlan.connect(ssid)
        while not wlan.isconnected():
            now = time.ticks_ms()
            failure = None if _signal(wlan) is not None else _reason(wlan.status())
            if failure and time.ticks_diff(now, started) >= _PATIENCE_MS:
                reason = failure
                break
            if time.ticks_diff(now, began) >= timeout_ms:
                reason = _reason_at_the_end(wlan, failure or reason)
                break
            sys.stdout.write(".")
            time.sleep_ms(250)
        else:
            return None
    except OSError as error:
        # The radio refuses a password that no network can have ("Wifi Invalid Password") before it tries.
        reason = "wrong password" if "assword" in str(error) else "not connected (%s)" % _describe(error)
    finally:
        print()
    _leave(wlan)
    return reason


def _reason_at_the_end(wlan, reason):
    # Only who has joined can measure the signal: what is missing then is the address.
    if _signal(wlan) is not None:
        return "no address"
    if reason is None:
        # Old firmware tells the reason only once nobody asks to connect any more.
        status = wlan.status()
        _leave(wlan)
        reason = _reason(wlan.status()) or "not connected (status %s)" % status
    return reason


def _reason(status):
    import network

    if status in _NO_NETWORK or status == getattr(network, "STAT_NO_AP_FOUND", None):
        return "no such network"
    if status in _WRONG_PASSWORD or status == getattr(network, "STAT_WRONG_PASSWORD", None):
        return "wrong password"
    if status in _OTHER_SECURITY:
        return "other security"
    if isinstance(status, int) and 0 < status < 1000 and status not in (1, 8):
        return "not connected (status %d)" % status
    return None


def _advice(reason, ssid):
    if reason == "no such network":
        return "is %s spelt like this, in range, and on 2.4 GHz?" % _printable(ssid)
    if reason == "wrong password":
        return "look at wifi_passwd in config.py"
    if reason == "other security":
        return "an open network takes no password, WPA needs one; WPA3 alone or WEP may not work"
    if reason == "no address":
        return "joined, but the network's DHCP gave no address; it may be full, or want to know the board first"
    return "try again nearer to the access point"


def _names_in_range(wlan):
    try:
        # (name, address, channel, signal strength in dBm, ...)
        heard = sorted(wlan.scan(), key=lambda network: -network[3])
    except Exception:
        return []
    names = []
    for network in heard:
        try:
            name = network[0].decode()
        except (UnicodeError, AttributeError):
            name = str(network[0])
        if name and name not in names:
            names.append(name)
    return names[:_MOST_NAMES]


def _report(wlan, began):
    addresses = wlan.ifconfig()
    _say("connected ip=%s rssi=%s after=%.1f s" % (addresses[0], _signal(wlan), _seconds_since(began)))
    _say("ip configuration:", *addresses)
    return wlan


def _signal(wlan):
    """The signal strength in dBm, or None: it can be asked for only after joining, with or without an address."""
    try:
        return wlan.status("rssi")
    except Exception:
        return None


def _current_ssid(wlan):
    # "essid" up to v1.19.
    for name in ("ssid", "essid"):
        try:
            return wlan.config(name)
        except Exception:
            pass
    return None


def _leave(wlan):
    try:
        wlan.disconnect()
    except OSError:
        pass


def _set(wlan, **settings):
    # Firmware that does not know a setting does without; the chip may also refuse it while it is busy.
    try:
        wlan.config(**settings)
    except (OSError, ValueError, TypeError):
        pass


def _printable(ssid):
    return ssid if all(char >= " " for char in ssid) else repr(ssid)


def _seconds_since(began):
    return time.ticks_diff(time.ticks_ms(), began) / 1000


def _describe(error):
    return "%s %s" % (type(error).__name__, error)


def _say(*words):
    print("wifi_and_ntp:", *words)
