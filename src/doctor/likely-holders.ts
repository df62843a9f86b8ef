import type { UpywError } from '../errors.js';
import type { Patient } from './computer.js';
import { type Finding, findingOf } from './finding.js';

const commandMs = 3000;

/** Programs that open serial ports, by how Windows calls them. */
const programs: Readonly<Record<string, string>> = {
  'thonny.exe': 'Thonny',
  'arduino ide.exe': 'Arduino IDE',
  'arduino.exe': 'Arduino IDE',
  'serial-monitor.exe': "Arduino IDE's serial monitor",
  'mu.exe': 'Mu',
  'mu-editor.exe': 'Mu',
  'code.exe': 'VS Code (a serial monitor, or an extension for MicroPython)',
  'putty.exe': 'PuTTY',
  'kitty.exe': 'KiTTY',
  'ttermpro.exe': 'Tera Term',
  'coolterm.exe': 'CoolTerm',
  'hterm.exe': 'HTerm',
  'realterm.exe': 'RealTerm',
  'mobaxterm.exe': 'MobaXterm',
  'ultimaker-cura.exe': 'Cura, which looks for printers on all ports',
};

/**
 * Programs that run and may have a port open. Windows tells nobody but an administrator who has one, so it is those that are known to open ports; `tasklist`
 * has the same columns in every language.
 */
async function likelyHolders({ platform, system }: Patient): Promise<string[]> {
  if (platform !== 'win32') return [];
  const said = (await system.run('tasklist', ['/fo', 'csv', '/nh'], commandMs)) ?? '';
  const running = new Map<string, string>();
  for (const [, image = '', id = ''] of said.matchAll(/^"([^"]+)","(\d+)"/gm)) {
    const name = programs[image.toLowerCase()];
    // The first of several processes is the one that was started.
    if (name !== undefined && !running.has(name)) running.set(name, id);
  }
  return [...running].map(([name, id]) => `${name} (process ${id})`);
}

/** A port that could not be opened, with who may be behind it. */
export async function portFinding(patient: Patient, failure: UpywError): Promise<Finding> {
  const finding = findingOf(failure);
  if (failure.code !== 'port/busy') return finding;
  const likely = await likelyHolders(patient);
  if (likely.length === 0) return finding;
  const next = `Of what runs here, this may have it open: ${likely.join(', ')}. Close it, then run this again`;
  return { ...finding, next };
}
