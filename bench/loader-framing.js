import { randomBytes } from 'node:crypto';
import { SlipDecoder, encodeSlip } from '../build/loader/protocol/slip.js';

/** SLIP alone, in CPU time. */
export function measureFraming() {
  const payloads = Array.from({ length: 4096 }, () => new Uint8Array(randomBytes(4096)));
  const best = { encode: 0, decode: 0 };
  const cpuMs = () => process.cpuUsage().user / 1000;
  for (let round = 0; round < 8; round += 1) {
    const start = cpuMs();
    const frames = payloads.map(encodeSlip);
    const middle = cpuMs();
    const decoder = new SlipDecoder({ frame: () => undefined });
    for (const frame of frames) decoder.push(frame);
    const rate = (/** @type {number} */ ms) => (payloads.length * 4096) / 1e6 / (ms / 1000);
    best.encode = Math.max(best.encode, rate(middle - start));
    best.decode = Math.max(best.decode, rate(cpuMs() - middle));
  }
  console.log(
    `framing: encode ${best.encode.toFixed(0)} MB/s, decode ${best.decode.toFixed(0)} MB/s (aim 100)`,
  );
}
