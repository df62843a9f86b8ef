import type { AccessPoint, Air } from './access-point.js';

/** What `network.WLAN.status()` says (ports/esp32/modnetwork.h), and why a connection ended (esp_wifi_types.h). */
const Status = { idle: 1000, connecting: 1001, gotAddress: 1010 } as const;
const Reason = {
  none: 0,
  left: 8,
  handshakeTimeout: 15,
  noAccessPoint: 201,
  wrongPassword: 202,
  connectionFailed: 205,
  noFittingSecurity: 210,
} as const;

/** Reasons that `status()` passes on while the board goes on trying; all others read as "connecting" (network_wlan.c). */
const passedOn: ReadonlyMap<number, number> = new Map<number, number>([
  [Reason.noAccessPoint, Reason.noAccessPoint],
  [Reason.noFittingSecurity, Reason.noFittingSecurity],
  [Reason.wrongPassword, Reason.wrongPassword],
  [Reason.connectionFailed, Reason.wrongPassword],
  [Reason.left, Status.idle],
]);

/** Milliseconds as seen on boards: all channels are searched in 2.4 s, a handshake is given up after about as long. */
const usualMs = { join: 700, address: 500, search: 2400, handshake: 2500 };
const unpacedShare = 0.1;

/** Signal strength of the first network, in dBm, and how much less each further one has. */
const firstRssi = -48;
const rssiStep = -9;
const defaultNetwork: AccessPoint = { ssid: 'workshop', password: 'any' };

interface Attempt {
  readonly ssid: string;
  readonly startedAtMs: number;
  /** Why it fails each time, in turn; empty where it succeeds. */
  readonly failures: readonly number[];
  readonly failureMs: number;
}

/** What `WLAN.scan()` lists: name, channel, signal strength, whether there is a password. */
export type HeardNetwork = readonly [ssid: string, channel: number, rssi: number, secured: boolean];

/**
 * The ESP32's Wi-Fi station with the ways of its driver: connecting takes time, a failure is followed by the next try for as long as
 * the program does not disconnect, a new `connect()` meanwhile is refused, and a wrong password shows as "connecting" and "wrong
 * password" in turn, because the chip tells the two ends of a failed handshake apart. Lasts over soft resets, as on the chip.
 */
export class WifiStation {
  readonly #air: Air;
  readonly #now: () => number;
  #isActive = false;
  #attempt: Attempt | undefined;
  #reason: number = Reason.none;
  #hasStaticAddress = false;
  #maxAttempts = 0;
  /** What `WLAN.config('ssid')` says. */
  ssid = '';

  constructor(air: Air, now: () => number = () => performance.now()) {
    this.#air = air;
    this.#now = now;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  set isActive(active: boolean) {
    if (this.#isActive && !active) this.#end();
    this.#isActive = active;
  }

  /** @returns the text of the OSError, if it cannot be done now */
  connect(ssid: string | null, password: string): string | undefined {
    if (!this.#isActive) return 'Wifi Not Started';
    if (this.#attempt !== undefined && !this.#isJoined && !this.#hasGivenUp) return 'Wifi Internal Error';
    if ((ssid ?? this.ssid) === '') return 'Wifi SSID Invalid';
    this.#settle();
    this.ssid = ssid ?? this.ssid;
    const failures = this.#failuresOf(this.ssid, password);
    const failureMs = this.#time(failures[0] === Reason.handshakeTimeout ? 'handshake' : 'search');
    this.#attempt = { ssid: this.ssid, startedAtMs: this.#now(), failures, failureMs };
    return undefined;
  }

  /** @returns the text of the OSError, if it cannot be done now */
  disconnect(): string | undefined {
    if (!this.#isActive) return 'Wifi Not Started';
    this.#end();
    return undefined;
  }

  /** How often a failed connection is tried; 0: for ever. */
  set maxAttempts(count: number) {
    this.#maxAttempts = count;
  }

  /** An address of the program's own needs no server that gives one out. */
  set hasStaticAddress(isStatic: boolean) {
    this.#hasStaticAddress = isStatic;
  }

  /** Whether there is a connection and an address: what `isconnected()` says. */
  get isConnected(): boolean {
    if (!this.#isJoined || (this.#air.noDhcp && !this.#hasStaticAddress)) return false;
    return this.#elapsedMs >= this.#joinMs + this.#time('address');
  }

  /** Whether a time server can be reached. */
  get isTimeServed(): boolean {
    return this.isConnected && !this.#air.noNtp;
  }

  get status(): number {
    if (this.isConnected) return Status.gotAddress;
    const reason = this.#lastReason;
    const passed = passedOn.get(reason);
    if (passed !== undefined) return passed;
    if (this.#attempt !== undefined && !this.#hasGivenUp) return Status.connecting;
    return reason === Reason.none ? Status.idle : reason;
  }

  /** The signal of the network that was joined. */
  get rssi(): number | undefined {
    if (!this.#isJoined) return undefined;
    const at = (this.#air.accessPoints ?? []).findIndex(({ ssid }) => ssid === this.#attempt?.ssid);
    return firstRssi + rssiStep * Math.max(0, at);
  }

  /** What the air is full of; nothing while the station is trying to connect. */
  scan(): HeardNetwork[] {
    if (this.#attempt !== undefined && !this.#isJoined && !this.#hasGivenUp) return [];
    return (this.#air.accessPoints ?? [defaultNetwork]).map(({ ssid, password }, at) => {
      return [ssid, 1 + ((5 * at) % 13), firstRssi + rssiStep * at, password !== undefined] as const;
    });
  }

  /** How long a scan takes. */
  get scanMs(): number {
    return this.#time('search');
  }

  get #elapsedMs(): number {
    return this.#now() - (this.#attempt?.startedAtMs ?? this.#now());
  }

  get #joinMs(): number {
    return this.#air.joinMs ?? this.#time('join');
  }

  get #isJoined(): boolean {
    if (this.#attempt === undefined || this.#attempt.failures.length > 0) return false;
    return this.#elapsedMs >= this.#joinMs;
  }

  get #failedTimes(): number {
    const { failures, failureMs } = this.#attempt ?? { failures: [], failureMs: 1 };
    return failures.length === 0 ? 0 : Math.floor(this.#elapsedMs / failureMs);
  }

  get #hasGivenUp(): boolean {
    return this.#maxAttempts > 0 && this.#failedTimes >= this.#maxAttempts;
  }

  /** Why the last connection ended; the reason of an earlier one stays until there is a new one. */
  get #lastReason(): number {
    const failures = this.#attempt?.failures ?? [];
    const times = this.#maxAttempts > 0 ? Math.min(this.#failedTimes, this.#maxAttempts) : this.#failedTimes;
    return times === 0 ? this.#reason : (failures[(times - 1) % failures.length] ?? this.#reason);
  }

  #failuresOf(ssid: string, password: string): readonly number[] {
    const { accessPoints } = this.#air;
    if (accessPoints === undefined) return [];
    const found = accessPoints.filter((each) => each.ssid === ssid);
    if (found.length === 0) return [Reason.noAccessPoint];
    if (found.some((each) => each.password === undefined || each.password === password)) return [];
    return password === '' ? [Reason.noFittingSecurity] : [Reason.handshakeTimeout, Reason.connectionFailed];
  }

  /** The attempt's outcome becomes history. */
  #settle(): void {
    this.#reason = this.isConnected ? Reason.none : this.#lastReason;
    this.#attempt = undefined;
  }

  #end(): void {
    const wasBusy = this.#attempt !== undefined;
    this.#settle();
    if (wasBusy) this.#reason = Reason.left;
  }

  #time(name: keyof typeof usualMs): number {
    return usualMs[name] * (this.#air.unpaced ? unpacedShare : 1);
  }
}
