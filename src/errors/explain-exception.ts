interface Explanation {
  /** The exception's line as the board prints it: `OSError: [Errno 23] ENFILE`. */
  readonly exception: RegExp;
  /** Only when the innermost place of the traceback is here. */
  readonly raisedIn?: RegExp;
  readonly meaning: string;
}

const memory =
  'a response was not closed, or the board ran out of RAM. Call close() on every response, after an error too, ' +
  'and gc.collect() before the next request';
const network =
  'no network: the server could not be found. Is the board connected? wifi_and_ntp.startup() tells';

/** What of MicroPython's library reaches for the network, as a traceback names it. */
const networkCode = /(?:^|\/)u?(?:requests|ntptime|mip|mqtt|pip|websocket|socket|aiohttp)\b/;

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
  { exception: /^OSError: (?:(?:\[Errno )?\(?(?:12|23|-4290|-17040)\b|.*_ALLOC_FAILED\b)/, meaning: memory },
  { exception: /^MemoryError\b/, meaning: memory },
  { exception: /^IndexError: list index out of range/, raisedIn: networkCode, meaning: network },
  {
    exception: /^IndexError: list index out of range/,
    meaning:
      'the list is shorter than that. If it came from socket.getaddrinfo(), there is no network: wifi_and_ntp.startup() tells',
  },
  {
    exception: /^OSError: (?:-202\b|\[Errno \d+\] EHOSTUNREACH|.*\bWifi Not (?:Started|Connected)\b)/,
    meaning: network,
  },
  {
    exception: /^(?:IndexError: (?:queue overflow|full)|RuntimeError: schedule queue full)\s*$/,
    meaning:
      'too many async events at once. Start fewer tasks, or let each await a sleep; a reset empties the queue',
  },
];

/**
 * What usually is behind an exception on a board, as a sentence without its full stop; undefined when the exception speaks
 * for itself. Of the traceback only its last line and the place before it count.
 */
export function explainException(traceback: string): string | undefined {
  const lines = traceback.trimEnd().split(/\r?\n/);
  const exception = lines.at(-1) ?? '';
  const [, innermost = ''] = /^ {2}File "([^"]*)"/.exec(lines.at(-2) ?? '') ?? [];
  const found = explanations.find(
    (each) => each.exception.test(exception) && (each.raisedIn?.test(innermost) ?? true),
  );
  return found?.meaning;
}
