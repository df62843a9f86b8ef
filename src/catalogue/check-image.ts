import { UpywError } from '../errors.js';
import { recognise } from '../firmware/recognise.js';
import { requireFirmware } from '../firmware/check-firmware.js';
import { type Release, isSameVersion } from './release.js';

/**
 * Whether a file is the image that its name says: whole, with the right checksums, MicroPython of that version, for that chip.
 * @param chip the family it is for, where that is known
 * @throws UpywError `firmware/…`
 */
export function checkImage(bytes: Uint8Array, release: Release, chip: string | undefined): void {
  const { file: name, version } = release;
  const image = requireFirmware(recognise(bytes), name);
  const found = image.app.micropython;
  if (found === undefined) {
    throw new UpywError('firmware/not-as-named', { name, is: 'another program', wanted: 'MicroPython' });
  }
  if (!isSameVersion(version.text, found.version)) {
    const is = `MicroPython v${found.version}`;
    throw new UpywError('firmware/not-as-named', { name, is, wanted: version.text });
  }
  if (chip !== undefined && image.chip.name !== chip) {
    const is = `for the ${image.chip.name}`;
    throw new UpywError('firmware/not-as-named', { name, is, wanted: `for the ${chip}` });
  }
}
