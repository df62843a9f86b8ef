# esp: the flash's size and the switches that change nothing here.
LOG_NONE, LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_VERBOSE = range(6)


def osdebug(uart, level=LOG_ERROR):
    pass


def flash_size():
    return 4 * 1024 * 1024


def flash_user_start():
    return 0x200000


def gpio_matrix_in(*args):
    pass


def gpio_matrix_out(*args):
    pass
