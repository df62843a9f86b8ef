/** The chip's clock rates, in MHz: those of `machine.freq()`. */
export const cpuRates = [20, 40, 80, 160, 240] as const;

export type CpuMhz = (typeof cpuRates)[number];
