# tls: ssl's newer name.
from ssl import *
