import { describe, expect, it } from 'vitest';
import {
  encodeNegotiation,
  encodeSubnegotiation,
  escapeTelnet,
  TelnetDecoder,
} from '../../../src/transport/rfc2217/telnet-codec.js';

/** Events as text; neighbouring payload is joined, since where it was cut means nothing. */
function decode(chunks: Iterable<Uint8Array>): string[] {
  const events: string[] = [];
  let payload = '';
  const flush = () => {
    if (payload !== '') events.push(`data ${payload}`);
    payload = '';
  };
  const decoder = new TelnetDecoder({
    data: (bytes) => (payload += Buffer.from(bytes).toString('hex')),
    negotiation: (verb, option) => {
      flush();
      events.push(`${verb} ${option}`);
    },
    subnegotiation: (option, bytes) => {
      flush();
      events.push(`sub ${option} ${Buffer.from(bytes).toString('hex')}`);
    },
  });
  for (const chunk of chunks) decoder.decode(chunk);
  flush();
  return events;
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Bytes as RFC 854, 856 and 2217 have them, written by hand. */
const transcripts = [
  { name: 'payload alone', bytes: '00 0d 0a 41 fe fa f0', events: ['data 000d0a41fefaf0'] },
  { name: 'a doubled 0xFF', bytes: '41 ff ff 42', events: ['data 41ff42'] },
  { name: 'many of them', bytes: 'ff ff ff ff ff ff 01', events: ['data ffffff01'] },
  { name: 'WILL ECHO, DO COM-PORT', bytes: 'ff fb 01 ff fd 2c', events: ['WILL 1', 'DO 44'] },
  {
    name: 'refusals between payload',
    bytes: '61 ff fc 00 62 ff fe 03 63',
    events: ['data 61', 'WONT 0', 'data 62', 'DONT 3', 'data 63'],
  },
  {
    name: 'a baud rate answer',
    bytes: '68 ff fa 2c 65 00 01 c2 00 ff f0 69',
    events: ['data 68', 'sub 44 650001c200', 'data 69'],
  },
  { name: 'a subnegotiation with 0xFF in it', bytes: 'ff fa 2c 6b ff ff ff f0', events: ['sub 44 6bff'] },
  { name: 'commands that carry nothing', bytes: 'ff f1 61 ff f2 ff f9 62', events: ['data 6162'] },
  {
    name: 'a subnegotiation that never ended',
    bytes: 'ff fa 2c 01 ff fb 01 61',
    events: ['WILL 1', 'data 61'],
  },
  { name: 'an empty subnegotiation', bytes: 'ff fa ff f0 61', events: ['data 61'] },
];

describe.each(transcripts)('$name', ({ bytes, events }) => {
  const whole = hex(bytes);

  it('whole', () => {
    expect(decode([whole])).toEqual(events);
  });

  it('byte by byte', () => {
    expect(decode([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  it('split at every point', () => {
    for (let split = 0; split <= whole.length; split += 1) {
      expect(decode([whole.subarray(0, split), whole.subarray(split)])).toEqual(events);
    }
  });
});

it('gives up a subnegotiation that is longer than any', () => {
  const damage = Uint8Array.from([0xff, 0xfa, 0x2c, ...Array.from({ length: 1024 }, () => 0x30), 0x41]);
  expect(decode([damage])).toEqual(['data 41']);
});

it('writes what it reads', () => {
  const value = Uint8Array.of(5, 0xff, 9);
  expect(decode([encodeSubnegotiation(44, value), encodeNegotiation('DO', 3)])).toEqual([
    'sub 44 05ff09',
    'DO 3',
  ]);
  expect(encodeNegotiation('WILL', 44)).toEqual(hex('ff fb 2c'));
  expect(encodeSubnegotiation(44, hex('01 00 01 c2 00'))).toEqual(
    Buffer.from(hex('ff fa 2c 01 00 01 c2 00 ff f0')),
  );
});

it('doubles 0xFF and nothing else', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(escapeTelnet(all)).toEqual(Uint8Array.from([...all, 0xff]));
  const plain = Uint8Array.of(1, 2, 3);
  expect(escapeTelnet(plain)).toBe(plain);
  expect(decode([escapeTelnet(all)])).toEqual([`data ${Buffer.from(all).toString('hex')}`]);
});
