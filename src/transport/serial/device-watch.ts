import { stat } from 'node:fs/promises';

const watchEveryMs = 500;

/** Calls back once when the device has gone away; returns what ends the watch. */
export type DeviceWatch = (onGone: () => void) => () => void;

/**
 * Remembers which device `path` leads to now, before it is opened, and later notices when that is no longer so.
 *
 * Needed on Linux: from a device that was pulled the system reads zero bytes, and serialport reads on for ever without
 * telling anybody, at full load (`unix-read.js`). But the name of the device goes away. COM ports are no files: there
 * Windows tells whoever reads.
 */
export async function prepareDeviceWatch(path: string): Promise<DeviceWatch> {
  const identity = await deviceIdentity(path);
  if (identity === undefined) return () => () => undefined;
  return (onGone) => {
    const timer = setInterval(() => {
      void deviceIdentity(path).then((now) => {
        if (now === identity) return;
        clearInterval(timer);
        onGone();
      });
    }, watchEveryMs);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  };
}

/** Undefined when nothing is there. A device plugged in again is another one, even under the same name. */
async function deviceIdentity(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ rdev, ino }) => `${rdev} ${ino}`,
    () => undefined,
  );
}
