/** The chip numbers its pins up to 39. */
export const gpioCount = 40;

/** Voltage of a pin that is high. */
export const highMv = 3300;
