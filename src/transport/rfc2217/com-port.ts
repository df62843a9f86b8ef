import { encodeSubnegotiation } from './telnet-codec.js';

/** RFC 2217, "Com Port Control Option". */
export const comPortOption = 44;

/** Commands of the client; the server answers with the same number + 100. */
export const comPortCommand = {
  setBaudRate: 1,
  setDataSize: 2,
  setParity: 3,
  setStopSize: 4,
  setControl: 5,
  purgeData: 12,
} as const;

const answerOffset = 100;

/** Values of `setControl`. */
export const comPortControl = {
  noFlowControl: 0x01,
  dtrOn: 0x08,
  dtrOff: 0x09,
  rtsOn: 0x0b,
  rtsOff: 0x0c,
} as const;

export type ComPortCommand = (typeof comPortCommand)[keyof typeof comPortCommand];

interface PendingRequest {
  readonly command: ComPortCommand;
  readonly value: Uint8Array;
  readonly answered: (value: Uint8Array | undefined) => void;
}

/** Asks a server for settings of its serial port and matches its answers to what was asked. */
export class ComPortRequests {
  readonly #send: (bytes: Uint8Array) => void;
  #pending: PendingRequest[] = [];

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  /** The server's answer, whatever it says; undefined when none came within `timeoutMs` or the connection ended. */
  request(command: ComPortCommand, value: Uint8Array, timeoutMs: number): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        request.answered(undefined);
      }, timeoutMs);
      const request: PendingRequest = {
        command,
        value,
        answered: (answer) => {
          clearTimeout(timer);
          this.#pending = this.#pending.filter((other) => other !== request);
          resolve(answer);
        },
      };
      this.#pending.push(request);
      this.send(command, value);
    });
  }

  /** Asks without waiting for an answer. */
  send(command: ComPortCommand, value: Uint8Array): void {
    this.#send(encodeSubnegotiation(comPortOption, Uint8Array.of(command, ...value)));
  }

  /** Payload of a subnegotiation. What is not an answer to a request (modem and line state) is of no use here. */
  receive(payload: Uint8Array): void {
    const value = payload.subarray(1);
    const ours = this.#pending.filter(({ command }) => command + answerOffset === payload[0]);
    // The one it repeats, else the oldest: some servers answer with another value than asked for (pyserial, `rfc2217.py`).
    const request =
      ours.find((candidate) => candidate.value.every((byte, at) => byte === value[at])) ?? ours[0];
    request?.answered(value);
  }

  /** No more answers will come. */
  end(): void {
    for (const request of [...this.#pending]) request.answered(undefined);
  }
}

/** Four bytes, most significant first. */
export function encodeBaudRate(baudRate: number): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, baudRate);
  return value;
}

/** Undefined when the answer is too short to hold a rate. */
export function decodeBaudRate(value: Uint8Array): number | undefined {
  if (value.length < 4) return undefined;
  return new DataView(value.buffer, value.byteOffset).getUint32(0);
}
