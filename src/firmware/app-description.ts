/** What an application says about itself (`esp_app_desc_t`, ESP-IDF, `esp_app_desc.h`). */
export interface AppDescription {
  readonly version: string;
  readonly projectName: string;
  /** As the compiler wrote it, for example `Sep 11 2025 12:01:02`. */
  readonly compiledAt: string;
  readonly idfVersion: string;
  readonly elfSha256: string;
  readonly secureVersion: number;
}

const appDescriptionMagic = 0xabcd5432;
const sizeBytes = 256;

/**
 * Reads the description that the linker puts at the start of the first segment.
 * @param offset of the first segment's data. Undefined for an image without one, such as a bootloader.
 */
export function parseAppDescription(bytes: Uint8Array, offset: number): AppDescription | undefined {
  if (bytes.length < offset + sizeBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, sizeBytes);
  if (view.getUint32(0, true) !== appDescriptionMagic) return undefined;
  const text = (at: number, lengthBytes: number): string => {
    const field = bytes.subarray(offset + at, offset + at + lengthBytes);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
  };
  return {
    secureVersion: view.getUint32(4, true),
    version: text(16, 32),
    projectName: text(48, 32),
    compiledAt: `${text(96, 16)} ${text(80, 16)}`.trim(),
    idfVersion: text(112, 32),
    elfSha256: toHex(bytes.subarray(offset + 144, offset + 176)),
  };
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
