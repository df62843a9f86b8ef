/** The ROM of an ESP32, or the prompt of a MicroPython that has just started: no program of ours runs any more. */
export const restartText = /rst:0x[\da-f]+ \(|\n>>> $/;
