/** Whether these bytes are as an erase leaves them. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.length === 0 || (bytes[0] === 0xff && bytes.every((byte) => byte === 0xff));
}
