/** NTP counts from 1900. */
const ntpEpochS = 2_208_988_800;
const packetBytes = 48;
const serverMode = 4;
const version4 = 4 << 3;

/** What an NTP server (RFC 5905) answers to a client's packet: this computer's time. */
export function answerNtp(packet: Uint8Array, nowMs: number = Date.now()): Uint8Array | undefined {
  if (packet.length < packetBytes) return undefined;
  const answer = new Uint8Array(packetBytes);
  const view = new DataView(answer.buffer);
  answer[0] = version4 | serverMode;
  answer[1] = 2;
  // The client's transmit time comes back as the origin.
  answer.set(packet.subarray(40, 48), 24);
  for (const offset of [16, 32, 40]) {
    view.setUint32(offset, Math.floor(nowMs / 1000) + ntpEpochS);
    view.setUint32(offset + 4, Math.floor(((nowMs % 1000) / 1000) * 2 ** 32));
  }
  return answer;
}
