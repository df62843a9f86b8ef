import { isLoopback } from './host-messages.js';
import type { HostSockets } from './host-sockets.js';
import { answerHttp } from './test-api.js';
import { answerNtp } from './time-server.js';
import type { WifiStation } from './station.js';

/** lwIP's limit on the ESP32 (CONFIG_LWIP_MAX_SOCKETS). */
const maxSockets = 10;
/** newlib's numbers, as MicroPython on the ESP32 raises them. */
export const SocketErrno = {
  ENFILE: 23,
  ECONNRESET: 104,
  EHOSTUNREACH: 118,
  EINPROGRESS: 119,
  ENOTCONN: 128,
} as const;

const httpPorts = [80, 443, 8000, 8080];
const ntpPort = 123;
const answerMs = 60;
/** The virtual internet takes everything at once. */
const endlessRoom = 2 ** 29;
/** Bits of `select.poll` (py/stream.h). */
const canRead = 1;
const canWrite = 4;

interface Socket {
  readonly received: number[];
  answer: Uint8Array;
  readyAtMs: number;
  /** Gives the answer to what was received, once it is complete; undefined: not connected. */
  service?: ((received: Uint8Array) => Uint8Array | undefined) | undefined;
  isDatagram: boolean;
  isAnswered: boolean;
}

/**
 * The board's sockets, and the small internet they reach: every name is there, a web service at its ports 80, 443, 8000 and 8080 and
 * a time server at 123. Nothing leaves this computer, nor even this process, but for `net=host`: then loopback addresses are this computer's.
 */
export class BoardSockets {
  readonly #station: WifiStation;
  readonly #unpaced: boolean;
  readonly #host: HostSockets | undefined;
  readonly #sockets = new Map<number, Socket>();

  constructor(station: WifiStation, unpaced: boolean, host?: HostSockets) {
    this.#station = station;
    this.#unpaced = unpaced;
    this.#host = host;
  }

  /** Where there is nothing to tell yet, the answer is none. */
  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    net_resolve: (host) => this.#resolve(String(host)),
    net_connect: (id, host, port, isDatagram) =>
      this.#connect(Number(id), String(host), Number(port), isDatagram === true),
    net_available: (id) => this.#available(Number(id)) || undefined,
    net_poll: (id) => this.#poll(Number(id)),
    /** How many bytes can be sent at once; less than 0: an error's number. */
    net_room: (id) => (this.#host?.has(Number(id)) ? this.#host.room(Number(id)) || undefined : endlessRoom),
    /** An error's number, or 0. */
    net_opened: (id) => this.#host?.opened(Number(id)),
    net_listen: (id, host, port) => this.#host?.listen(Number(id), String(host), Number(port)),
    net_accept: (id) => this.#host?.accept(Number(id)),
    net_adopt: (id, connection) => this.#host?.adopt(Number(id), Number(connection)),
  };

  /** @returns whether there was room for one more */
  open(id: number): boolean {
    if (this.#sockets.size >= maxSockets) return false;
    this.#sockets.set(id, {
      received: [],
      answer: new Uint8Array(0),
      readyAtMs: 0,
      isDatagram: false,
      isAnswered: false,
    });
    return true;
  }

  close(id: number): void {
    this.#host?.close(id);
    this.#sockets.delete(id);
  }

  send(id: number, bytes: Uint8Array): void {
    if (this.#host?.has(id)) {
      this.#host.send(id, bytes);
      return;
    }
    const socket = this.#sockets.get(id);
    if (socket?.service === undefined || !this.#station.isConnected) return;
    if (socket.isDatagram) socket.received.length = 0;
    else if (socket.isAnswered) return;
    socket.received.push(...bytes);
    const answer = socket.service(Uint8Array.from(socket.received));
    if (answer === undefined) return;
    socket.answer = answer;
    socket.isAnswered = true;
    socket.readyAtMs = performance.now() + (this.#unpaced ? 0 : answerMs);
  }

  /** Takes up to `size` bytes of what has come. */
  receive(id: number, size: number): Uint8Array {
    if (this.#host?.has(id)) return this.#host.receive(id, size);
    const socket = this.#sockets.get(id);
    if (socket === undefined || this.#available(id) <= 0) return new Uint8Array(0);
    const bytes = socket.answer.slice(0, size);
    // What of a datagram is not read is lost.
    socket.answer = socket.isDatagram ? new Uint8Array(0) : socket.answer.slice(bytes.length);
    return bytes;
  }

  /** The address of a name; null where there is none. */
  #resolve(host: string): string | null {
    if (isLoopback(host)) return host === 'localhost' ? '127.0.0.1' : host;
    if (host === '0.0.0.0' || host === '') return '0.0.0.0';
    if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
    if (!this.#station.isConnected || host.endsWith('.invalid')) return null;
    let sum = 0;
    for (const char of host) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 254;
    // TEST-NET-3 of RFC 5737: addresses that nobody has.
    return `203.0.113.${sum + 1}`;
  }

  /** @returns an error's number, or 0 */
  #connect(id: number, host: string, port: number, isDatagram: boolean): number {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return SocketErrno.ENOTCONN;
    const isHere = isLoopback(host);
    if (isHere && this.#host !== undefined && !isDatagram) {
      this.#host.connect(id, host, port);
      return SocketErrno.EINPROGRESS;
    }
    if (!isHere && !this.#station.isConnected) return SocketErrno.EHOSTUNREACH;
    socket.isDatagram = isDatagram;
    if (isDatagram) socket.service = port === ntpPort && this.#station.isTimeServed ? answerNtp : nothing;
    else if (isHere || !httpPorts.includes(port)) return SocketErrno.ECONNRESET;
    else socket.service = (received) => answerHttp(received, port === 443 ? 'https' : 'http');
    return 0;
  }

  /** Bits of `select.poll`. What the virtual internet is sent it takes at once. */
  #poll(id: number): number {
    if (this.#host?.has(id)) return this.#host.poll(id);
    return canWrite | (this.#available(id) === 0 ? 0 : canRead);
  }

  /** How many bytes can be read now; -1 when the other side has said all it had, less than that an error's number. */
  #available(id: number): number {
    if (this.#host?.has(id)) return this.#host.available(id);
    const socket = this.#sockets.get(id);
    if (socket === undefined || !socket.isAnswered || performance.now() < socket.readyAtMs) return 0;
    return socket.answer.length === 0 && !socket.isDatagram ? -1 : socket.answer.length;
  }
}

/** Datagrams to where nobody is get no answer. */
function nothing(): undefined {
  return undefined;
}
