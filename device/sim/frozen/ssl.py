# ssl: tls's older name.
from tls import *
