/** At which rate programs use a terminal that is open here, too. */
export interface LineRate {
  /** In bits per second; undefined where the system does not tell. */
  read(): Promise<number | undefined>;
  close(): Promise<void>;
}

const usualRate = 115_200;

/** Opens a terminal beside its users, as a raw line of 115200 bits per second until one of them says otherwise. Undefined where that cannot be. */
export async function openLineRate(path: string): Promise<LineRate | undefined> {
  try {
    const { SerialPort } = await import('serialport');
    const device = await SerialPort.binding.open({ path, baudRate: usualRate, lock: false, hupcl: false });
    return {
      read: () =>
        device.getBaudRate().then(
          ({ baudRate }) => baudRate,
          () => undefined,
        ),
      close: () => device.close(),
    };
  } catch {
    return undefined;
  }
}
