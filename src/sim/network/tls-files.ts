import { Buffer } from 'node:buffer';
import type * as Crypto from 'node:crypto';

/** Not loaded before a program has a key: that would take a tenth of a board's start. */
const crypto = (): typeof Crypto => process.getBuiltinModule('node:crypto');

const pemStart = '-----BEGIN';

/** What device/sim/tls.py asks: whether bytes (in hex) are a private key, or a certificate. */
export const tlsCalls: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  tls_check: (kind, hex) => {
    const bytes = Buffer.from(String(hex), 'hex');
    return kind === 'key' ? isPrivateKey(bytes) : succeeds(() => new (crypto().X509Certificate)(bytes));
  },
};

/** DER (PKCS #1, PKCS #8 or SEC 1), or PEM. */
function isPrivateKey(key: Buffer): boolean {
  if (key.toString('latin1').startsWith(pemStart)) return succeeds(() => crypto().createPrivateKey({ key }));
  const types = ['pkcs1', 'pkcs8', 'sec1'] as const;
  return types.some((type) => succeeds(() => crypto().createPrivateKey({ key, format: 'der', type })));
}

function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
