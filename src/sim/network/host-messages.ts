/**
 * Between the VM's thread, which waits for what it asks, and the one that has this computer's sockets. A connection has a number: above zero one that
 * the board has opened, below zero one that came to it.
 */
export type ToHost =
  | { readonly kind: 'connect'; readonly connection: number; readonly host: string; readonly port: number }
  | { readonly kind: 'listen'; readonly connection: number; readonly host: string; readonly port: number }
  | { readonly kind: 'send'; readonly connection: number; readonly bytes: Uint8Array }
  /** The program has read so many bytes. */
  | { readonly kind: 'taken'; readonly connection: number; readonly sizeBytes: number }
  | { readonly kind: 'close'; readonly connection: number };

export type FromHost =
  /** Connected, or listening. */
  | { readonly kind: 'open'; readonly connection: number }
  | {
      readonly kind: 'accepted';
      readonly listener: number;
      readonly connection: number;
      readonly host: string;
      readonly port: number;
    }
  | { readonly kind: 'data'; readonly connection: number; readonly bytes: Uint8Array }
  /** So many bytes have left. */
  | { readonly kind: 'sent'; readonly connection: number; readonly sizeBytes: number }
  /** The other side says no more. */
  | { readonly kind: 'end'; readonly connection: number }
  /** With Node's code: `ECONNREFUSED`. */
  | { readonly kind: 'failed'; readonly connection: number; readonly code: string };

/** What may be under way in one direction: lwIP's window and send buffer on the ESP32 (CONFIG_LWIP_TCP_WND_DEFAULT). */
export const windowBytes = 5760;

/** `127.0.0.1`, and all that begins with 127: this computer, for itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}
