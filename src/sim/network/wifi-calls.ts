import type { WifiStation } from './station.js';

/** What device/sim/network.py asks of the station: `wifi_…`; an answer that is text is the OSError to raise. */
export function wifiCalls(station: WifiStation): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  return {
    wifi_active: (active) => {
      if (typeof active === 'boolean') station.isActive = active;
      return station.isActive;
    },
    wifi_connect: (ssid, password) => station.connect(ssid as string | null, String(password)),
    wifi_disconnect: () => station.disconnect(),
    wifi_status: () => station.status,
    wifi_connected: () => station.isConnected,
    wifi_rssi: () => station.rssi,
    wifi_ssid: () => station.ssid,
    wifi_attempts: (count) => {
      station.maxAttempts = Number(count);
    },
    wifi_static: (isStatic) => {
      station.hasStaticAddress = isStatic === true;
    },
    wifi_scan: () => [station.scanMs, station.scan()],
  };
}
