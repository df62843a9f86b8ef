/** What programs import that micropython-lib has, and that no firmware for an ESP32 brings: packages that are called as they are imported. */
const sameNames = new Set(
  (
    'aioble aioespnow aiohttp aiorepl abc argparse base64 bisect cbor2 cmd contextlib copy datetime fnmatch functools gzip hmac html inspect iperf3 ' +
    'itertools keyword locale logging lora operator pathlib pickle pkgutil pprint quopri requests sdcard senml shutil ssd1306 stat string tarfile ' +
    'tempfile textwrap traceback types umqtt.robust umqtt.simple unittest upysh urequests urllib.urequest utop warnings xmltok'
  ).split(' '),
);
/** Packages with another name than what is imported. */
const otherNames: Readonly<Record<string, string>> = {
  jwt: 'pyjwt',
  umqtt: 'umqtt.simple',
  urllib: 'urllib.urequest',
  'collections.defaultdict': 'collections-defaultdict',
};

/**
 * The package of MicroPython's index that has a module, as far as that is known without asking anybody: a program that failed is no reason to go
 * to the network. `umqtt.simple` is looked for whole, then by its first part.
 */
export function packageWith(module: string): string | undefined {
  for (const name of [module, module.split('.')[0] ?? ''])
    if (sameNames.has(name)) return name;
    else if (Object.hasOwn(otherNames, name)) return otherNames[name];
  return undefined;
}
