# Included by those who look at paths. Given: prefix, names ("//" stands between them) and checks. Tells what is at each path, prefix +
# name: "-" nothing, "/" a folder, "=" a file whose SHA-256 begins with the six bytes that checks (base64) has for it; of any
# other file its size, a space and its SHA-256 in base64 (nothing without the modules for it), on a line of their own. Each is
# said in one go behind a 0x02, so that what a timer prints in between can be told from it. Meanwhile a "." for every buffer
# read. sign, to be called last, says the SHA-256 over all that was said and the hash of each "=" right behind it.
import os, sys

try:
    from binascii import a2b_base64, b2a_base64
    from hashlib import sha256
except (ImportError, AttributeError):
    sha256 = None
write = sys.stdout.write

def say(text):
    write("\x02" + text)
    if same:
        same.update(text.encode())

def sign():
    if same:
        write("\x02" + b2a_base64(same.digest()).decode())

same = sha256 and sha256()
buffer = memoryview(bytearray(4096))
# Some boards take no str here.
checks = sha256 and a2b_base64(checks.encode())
names = names.split("//")
at = -6
for name in names:
    at += 6
    path = prefix + name
    try:
        stat = os.stat(path)
    except OSError:
        say("-")
        continue
    if stat[0] & 0x4000:
        say("/")
        continue
    found = b""
    if sha256:
        sha = sha256()
        with open(path, "rb") as file:
            while True:
                count = file.readinto(buffer)
                if not count:
                    break
                sha.update(buffer[:count])
                write(".")
        found = sha.digest()
    if found and found[:6] == checks[at : at + 6]:
        say("=")
        same.update(found)
    else:
        say("%d %s" % (stat[6], found and b2a_base64(found).decode() or "\n"))
