# urequests: requests's old name.
from requests import *
