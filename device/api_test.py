"""Talks to a web service: GET, POST and PUT with JSON, over the Wi-Fi that wifi_and_ntp has joined.

    import api_test
    api_test.test()
    api_test.get("/posts/1")
    api_test.put("/posts/1", {"value": 10})

It needs requests or urequests, one of which firmware for the ESP32 has; otherwise: import mip; mip.install("requests")

Addresses are added to api_base_url of config.py, or are whole ones. Each call prints what it asks and what comes back, closes
the response whatever happens, and returns the status code and the decoded answer. explain(error) tells what usually is
behind an exception; the calls print that too before they raise it.

With https:// the connection is encrypted, but MicroPython does not check on its own whom it talks to: somebody in the same
network could pose as the service. Send no secrets, or check its certificate (ssl.SSLContext with CERT_REQUIRED).
"""

import gc
import json

try:
    import requests
except ImportError:
    # Up to v1.19.
    import urequests as requests

_DEFAULT_BASE_URL = "http://jsonplaceholder.typicode.com"
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_TIMEOUT_S = 15


def test():
    """One request of each kind."""
    get("/posts/1")
    post("/posts", {"title": "workshop", "value": 10})
    put("/posts/1", {"title": "workshop", "value": 11})


def get(address="/"):
    return request("GET", address)


def post(address, data):
    return request("POST", address, data)


def put(address, data):
    return request("PUT", address, data)


def request(method, address, data=None):
    """Returns (status code, answer): the answer decoded if it is JSON, else its text."""
    url = address if "://" in address else _base_url() + "/" + address.lstrip("/")
    body = None if data is None else json.dumps(data)
    print(" ".join((method, url) if body is None else (method, url, body)))
    # Makes room, and closes what an interrupted request has left open.
    gc.collect()
    response = None
    try:
        response = _send(method, url, body)
        # Some versions give the reason as bytes.
        reason = response.reason.decode() if isinstance(response.reason, bytes) else response.reason
        print("status:", response.status_code, reason)
        text = response.text
        print(text)
        return response.status_code, _decoded(text)
    except Exception as error:
        explanation = explain(error)
        if explanation:
            print("api_test:", explanation)
        raise
    finally:
        # An open response keeps its socket and its buffers: after about ten of them nothing goes any more.
        if response is not None:
            response.close()


def explain(error):
    """What usually is behind this exception, or None."""
    text = str(error)
    number = error.args[0] if isinstance(error, OSError) and error.args else None
    if isinstance(error, MemoryError) or "ALLOC_FAILED" in text or number in (12, 23, -4290, -17040):
        return "a response was not closed, or RAM ran out: close() every response, gc.collect(), one connection at a time"
    if isinstance(error, IndexError) and text == "list index out of range":
        return "no network: the server's name was not found, or it hung up. Is Wi-Fi connected? wifi_and_ntp.startup()"
    if text in ("queue overflow", "full", "schedule queue full"):
        return "too many async events at once: start fewer tasks, or wait between them; a reset empties the queue"
    if isinstance(error, OSError) and (number in (-2, -202, 113, 118) or "addrinfo" in text or "Wifi" in text):
        return "no network, or no server of that name. Is Wi-Fi connected? wifi_and_ntp.startup()"
    if number in (110, 116):
        return "the server did not answer in time"
    return None


def _send(method, url, body):
    # In bytes: urequests of v1.19 announces a text's length in characters.
    data = None if body is None else body.encode()
    try:
        return requests.request(method, url, data=data, headers=dict(_HEADERS), timeout=_TIMEOUT_S)
    except TypeError as error:
        # Nor does it know a timeout.
        if "keyword" not in str(error):
            raise
        return requests.request(method, url, data=data, headers=dict(_HEADERS))


def _decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _base_url():
    try:
        from config import api_base_url
    except ImportError:
        api_base_url = None
    return (api_base_url or _DEFAULT_BASE_URL).rstrip("/")
