/** What is built into MicroPython for an ESP32, by the names that programs import it under. */
const builtIn = new Set(
  (
    'array asyncio binascii bluetooth btree builtins cmath collections cryptolib deflate errno esp esp32 espnow framebuf gc hashlib heapq io json ' +
    'machine math micropython mip network ntptime os platform random re select socket ssl struct sys time tls vfs webrepl websocket zlib'
  ).split(' '),
);

/** Names that libraries had before. */
const renamed: Readonly<Record<string, string>> = {
  urequests: 'requests',
  umqtt: 'umqtt.simple',
  ulogging: 'logging',
  udatetime: 'datetime',
  uunittest: 'unittest',
  ucontextlib: 'contextlib',
  usdcard: 'sdcard',
  ussd1306: 'ssd1306',
};

/** What is meant by a name that no index has any more. */
export type OldName =
  { readonly kind: 'built in'; readonly name: string } | { readonly kind: 'renamed'; readonly name: string };

/** `upip` and its packages (`micropython-uasyncio`), and the names with a u in front. Undefined for what is none of these. */
export function oldName(name: string): OldName | undefined {
  const plain = name.replace(/^micropython-/, '').replace(/^upip$/, 'mip');
  const known = Object.hasOwn(renamed, plain) ? renamed[plain] : undefined;
  if (known !== undefined) return { kind: 'renamed', name: known };
  for (const candidate of [plain, plain.replace(/^u/, ''), plain.replace(/^u?asyncio\..*$/, 'asyncio')])
    if (builtIn.has(candidate)) return { kind: 'built in', name: candidate };
  return plain === name ? undefined : { kind: 'renamed', name: plain };
}
