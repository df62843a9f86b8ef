import { packageWith } from './library-names.js';

interface Explanation {
  /** The exception's line as the board prints it: `OSError: [Errno 23] ENFILE`. */
  readonly exception: RegExp;
  /** Only when the innermost place of the traceback is here. */
  readonly raisedIn?: RegExp;
  /** `name`: what the exception's line has in its first group. */
  readonly meaning: string | ((name: string) => string);
}

const memory =
  'a response was not closed, or the board ran out of RAM. Call close() on every response, after an error too, ' +
  'and gc.collect() before the next request';
const network =
  'no network: the server could not be found. Is the board connected? wifi_and_ntp.startup() tells';
const freshNetwork =
  'no network: a virtual board is switched off after each command, and its Wi-Fi with it. Connect in the same program, or keep the board on in another terminal: upyw sim serve';

/** What of MicroPython's library reaches for the network, as a traceback names it. */
const networkCode = /(?:^|\/)u?(?:requests|ntptime|mip|mqtt|pip|websocket|socket|aiohttp)\b/;

/** Modules of MicroPython that programs use without having imported them. */
const modules =
  'aioble|array|asyncio|binascii|cmath|collections|dht|ds18x20|errno|esp|esp32|espnow|framebuf|gc|hashlib|json|machine|math|micropython|mip|neopixel|network|ntptime|onewire|os|random|re|requests|select|socket|ssl|struct|sys|time|uos|ujson|urequests|utime';
/** Names that they hold, as programs use them. */
const namesWithin: Readonly<Record<string, string>> = {
  Pin: 'machine',
  ADC: 'machine',
  PWM: 'machine',
  I2C: 'machine',
  SoftI2C: 'machine',
  SPI: 'machine',
  UART: 'machine',
  Timer: 'machine',
  RTC: 'machine',
  TouchPad: 'machine',
  sleep: 'time',
  sleep_ms: 'time',
  sleep_us: 'time',
  ticks_ms: 'time',
  ticks_diff: 'time',
  NeoPixel: 'neopixel',
  randint: 'random',
};

/**
 * Exceptions that say little about their cause, in the words of the workshop's troubleshooting; the first that fits counts.
 * mbedtls error -0x4290 (RSA failed, and under it an allocation) is -17040; old firmware prints the hexadecimal digits.
 */
const explanations: readonly Explanation[] = [
  {
    exception:
      /^(?:ImportError|ModuleNotFoundError): no module named '(?:wifi_and_ntp|aswitch|api_test|config)'/,
    meaning:
      "it is one of the workshop's files, and not on this board yet. To put them there: upyw provision",
  },
  {
    exception:
      /^AttributeError: (?:'module' object|module 'u?io') has no attribute '(?:blink|read_adc|test_(?:adc|blocking_input|non_blocking_(?:irq|asyncio)))'/,
    meaning:
      "io is MicroPython's own here: the workshop's io.py is not on this board yet. To put it there: upyw provision",
  },
  {
    exception: new RegExp(`^NameError: name '(${modules})' isn't defined`),
    meaning: (name) => `${name} was not imported. At the top of the program: import ${name}`,
  },
  {
    exception: new RegExp(`^NameError: name '(${Object.keys(namesWithin).join('|')})' isn't defined`),
    meaning: (name) =>
      `${name} was not imported. At the top of the program: from ${namesWithin[name] ?? ''} import ${name}`,
  },
  {
    exception: /^AttributeError: '\w+' object has no attribute 'hexdigest'/,
    meaning:
      'hashes of MicroPython have digest() only. In hex it is: import binascii, then binascii.hexlify(h.digest()).decode()',
  },
  {
    exception: /^(?:ImportError|ModuleNotFoundError): no module named 'u?pip'/,
    meaning: 'mip has taken its place, which this computer does for the board: upyw mip install NAME',
  },
  {
    exception: /^(?:ImportError|ModuleNotFoundError): no module named '([^']+)'/,
    meaning: missingModule,
  },
  {
    exception: /^EOFError\b/,
    meaning:
      'the program asked for input, and there was none. Type it in a terminal, or pipe it in: echo 42 | upyw run FILE',
  },
  {
    exception: /^RuntimeError: maximum recursion depth exceeded/,
    meaning: 'a function calls itself again and again, without an end; the traceback names it',
  },
  {
    exception: /^ValueError: invalid [Pp]in/,
    meaning:
      'the chip has no such pin, or it cannot do that. GPIO6 to 11 of an ESP32 belong to its flash, GPIO34 to 39 are inputs only, and an ADC needs GPIO32 to 39, 0, 2, 4, 12 to 15 or 25 to 27',
  },
  {
    exception: /^OSError: .*\bWifi Not Started\b/,
    meaning: 'Wi-Fi is off. Before connect() or scan() it needs: wlan.active(True)',
  },
  {
    exception: /^OSError: (?:\[Errno )?(?:110|116)\b/,
    raisedIn: networkCode,
    meaning: network,
  },
  {
    exception: /^OSError: (?:\[Errno )?(?:110|116)\b/,
    meaning:
      'nothing answered in time. Of a connection: is the board in the network? Of an ADC: GPIO0, 2, 4, 12 to 15 and 25 to 27 (ADC2) cannot be read while Wi-Fi is on; GPIO32 to 39 can',
  },
  { exception: /^OSError: (?:(?:\[Errno )?\(?(?:12|23|-4290|-17040)\b|.*_ALLOC_FAILED\b)/, meaning: memory },
  { exception: /^MemoryError\b/, meaning: memory },
  { exception: /^IndexError: list index out of range/, raisedIn: networkCode, meaning: network },
  {
    exception: /^IndexError: list index out of range/,
    meaning:
      'the list is shorter than that. If it came from socket.getaddrinfo(), there is no network: wifi_and_ntp.startup() tells',
  },
  {
    exception: /^OSError: (?:-202\b|\[Errno \d+\] EHOSTUNREACH|.*\bWifi Not Connected\b)/,
    meaning: network,
  },
  {
    exception: /^(?:IndexError: (?:queue overflow|full)|RuntimeError: schedule queue full)\s*$/,
    meaning:
      'too many async events at once. Start fewer tasks, or let each await a sleep; a reset empties the queue',
  },
];

function missingModule(module: string): string {
  const library = packageWith(module);
  if (library !== undefined)
    return `${module} is a library that is not on the board: upyw mip install ${library}`;
  const [name = module] = module.split('.');
  return `${name} is not in this firmware, nor a file on the board. A file of yours: upyw put ${name}.py. Is there a library of that name? upyw mip search ${name}`;
}

/**
 * What usually is behind an exception on a board, as a sentence without its full stop; undefined when the exception speaks
 * for itself. `isFresh`: the board was switched on for this. Of the traceback only its last line and the place before it count.
 */
export function explainException(
  traceback: string,
  { isFresh = false }: { readonly isFresh?: boolean | undefined } = {},
): string | undefined {
  const lines = traceback.trimEnd().split(/\r?\n/);
  const exception = lines.at(-1) ?? '';
  const [, innermost = ''] = /^ {2}File "([^"]*)"/.exec(lines.at(-2) ?? '') ?? [];
  const found = explanations.find(
    (each) => each.exception.test(exception) && (each.raisedIn?.test(innermost) ?? true),
  );
  if (isFresh && found?.meaning === network) return freshNetwork;
  if (typeof found?.meaning !== 'function') return found?.meaning;
  return found.meaning(found.exception.exec(exception)?.[1] ?? '');
}
