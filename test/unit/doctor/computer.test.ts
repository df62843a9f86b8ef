import { describe, expect, it } from 'vitest';
import { type Patient, lookAtNode, lookAtServices, lookAtShell } from '../../../src/doctor/computer.js';
import { verdictOn } from '../../../src/doctor/finding.js';
import { waitForPlug } from '../../../src/doctor/plug.js';
import { lookAtPorts } from '../../../src/doctor/ports.js';
import { type PortInfo } from '../../../src/transport/port.js';
import { type Recording, recordedSystem } from '../../support/recorded-system.js';

/** What `upyw doctor` finds on computers that were recorded. */

const ch340: PortInfo = {
  path: '/dev/ttyUSB0',
  usb: { vendorId: '1a86', productId: '7523' },
  bridge: 'CH340',
};

function patient(
  recording: Recording,
  { ports = [], ...more }: Partial<Patient> & { ports?: readonly PortInfo[] } = {},
): Patient {
  return {
    env: {},
    platform: 'linux',
    system: recordedSystem(recording),
    listPorts: () => Promise.resolve(ports),
    signal: new AbortController().signal,
    ...more,
  };
}

const found = (id: string, level: string, text: string, next?: string) =>
  expect.objectContaining({
    id,
    level,
    text: expect.stringContaining(text) as string,
    ...(next === undefined ? {} : { next: expect.stringContaining(next) as string }),
  }) as object;

describe('Node', () => {
  it('is told with its version, and with the reason where its native part does not load', async () => {
    expect(await lookAtNode(patient({}))).toEqual([
      found('node/version', 'green', 'Node v24.11.1, linux x64'),
      found('node/binding', 'green', 'can be opened'),
    ]);
    const reason = "/lib64/libc.so.6: version `GLIBC_2.28' not found";
    const more = { nodeVersion: 'v20.20.2', bindingFailure: () => Promise.resolve(reason) };
    expect(await lookAtNode(patient({ more }))).toEqual([
      found('node/version', 'yellow', 'v20.20.2'),
      found('node/binding', 'red', 'GLIBC_2.28', 'npm install -g upyw'),
    ]);
  });
});

describe('shells and systems in systems', () => {
  it('WSL has no USB of its own', async () => {
    const files = {
      '/proc/version': 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@x) (gcc 11.2.0)',
    };
    expect(await lookAtShell(patient({ files }))).toEqual([
      found('shell/wsl', 'yellow', 'WSL', 'usbipd attach'),
    ]);
  });

  it('Git Bash rewrites paths, unless it was told not to', async () => {
    const bash = { platform: 'win32', env: { MSYSTEM: 'MINGW64' } } as const;
    expect(await lookAtShell(patient({}, bash))).toEqual([
      found('shell/git-bash', 'yellow', ':/main.py', ':main.py'),
    ]);
    expect(await lookAtShell(patient({}, { ...bash, env: { ...bash.env, MSYS_NO_PATHCONV: '1' } }))).toEqual(
      [],
    );
    expect(await lookAtShell(patient({}))).toEqual([]);
  });
});

describe("Linux' services", () => {
  const rule = '/usr/lib/udev/rules.d/85-brltty.rules';
  const active = 'ENV{PRODUCT}=="1a86/7523/*", ENV{BRLTTY_BRAILLE_DRIVER}="bm", GOTO="brltty_usb_run"\n';

  it('brltty takes CH340 ports, by its rule or when it runs', async () => {
    expect(await lookAtServices(patient({ files: { [rule]: active } }))).toEqual([
      found('linux/brltty', 'yellow', 'brltty', 'apt remove brltty'),
    ]);
    expect(await lookAtServices(patient({ files: { '/proc/812/comm': 'brltty\n' } }))).toEqual([
      found('linux/brltty', 'red', 'brltty'),
    ]);
    // Ubuntu has made that line a comment.
    expect(await lookAtServices(patient({ files: { [rule]: `# ${active}` } }))).toEqual([]);
  });

  it('ModemManager speaks to new ports', async () => {
    expect(await lookAtServices(patient({ files: { '/proc/900/comm': 'ModemManager\n' } }))).toEqual([
      found('linux/modem-manager', 'yellow', 'ModemManager', 'systemctl disable'),
    ]);
    expect(
      await lookAtServices(
        patient({ files: { '/proc/900/comm': 'ModemManager\n' } }, { platform: 'darwin' }),
      ),
    ).toEqual([]);
  });
});

describe('ports on Linux', () => {
  const owners = { '/dev/ttyUSB0': { mode: 0o20660, uid: 0, gid: 20 } };
  const files = {
    '/etc/group': 'root:x:0:\ndialout:x:20:\n',
    '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\n',
  };
  const links = { '/sys/class/tty/ttyUSB0/device/driver': '../../../../bus/usb-serial/drivers/ch341-uart' };

  it('are named with adapter, ids and driver', async () => {
    expect(await lookAtPorts(patient({ links }, { ports: [ch340] }))).toEqual([
      found('ports/found', 'green', '/dev/ttyUSB0: CH340, 1a86:7523, driver ch341-uart'),
    ]);
  });

  it('belong to a group, by its name', async () => {
    expect(await lookAtPorts(patient({ files, owners }, { ports: [ch340] }))).toContainEqual(
      found('ports/permission', 'red', 'dialout', 'usermod -aG dialout'),
    );
    const joined = { ...files, '/etc/group': 'dialout:x:20:bob,ada\n' };
    expect(await lookAtPorts(patient({ files: joined, owners }, { ports: [ch340] }))).toContainEqual(
      found('ports/permission', 'red', 'dialout', 'log out'),
    );
    const arch = { ...files, '/etc/group': 'uucp:x:20:\n' };
    expect(await lookAtPorts(patient({ files: arch, owners }, { ports: [ch340] }))).toContainEqual(
      found('ports/permission', 'red', 'uucp'),
    );
    for (const account of [
      { uid: 1000, groups: [1000, 20] },
      { uid: 0, groups: [0] },
    ]) {
      const findings = await lookAtPorts(patient({ files, owners, more: { account } }, { ports: [ch340] }));
      expect(findings.map(({ id }) => id)).toEqual(['ports/found']);
    }
  });

  it('are held by a program with a name and a number', async () => {
    const held = {
      files: { '/proc/4321/cmdline': '/usr/bin/python3\0-m\0/usr/lib/thonny.py\0' },
      links: { '/proc/4321/fd/7': '/dev/ttyUSB0', '/proc/1/fd/0': '/dev/null' },
    };
    expect(await lookAtPorts(patient(held, { ports: [ch340] }))).toContainEqual(
      found('ports/held', 'red', 'thonny (process 4321)', 'Close thonny'),
    );
  });

  it('may be missing for an adapter that is plugged in, or for none at all', async () => {
    const usb = {
      '/sys/bus/usb/devices/1-2/idVendor': '1a86\n',
      '/sys/bus/usb/devices/1-2/idProduct': '7523\n',
      '/sys/bus/usb/devices/usb1/idVendor': '1d6b\n',
      '/sys/bus/usb/devices/usb1/idProduct': '0002\n',
    };
    expect(await lookAtPorts(patient({ files: usb }))).toEqual([
      found('drivers/missing', 'red', '1a86:7523) is plugged in', 'brltty'),
    ]);
    expect(await lookAtPorts(patient({}))).toEqual([found('ports/none', 'red', 'no serial port', '--plug')]);
  });
});

describe('ports on Windows', () => {
  const com: PortInfo = { ...ch340, path: 'COM3' };
  const query = String.raw`reg query HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e978-e325-11ce-bfc1-08002be10318} /s`;
  const registry = (version: string) =>
    [
      String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e978-e325-11ce-bfc1-08002be10318}\0003`,
      '    DriverDesc    REG_SZ    USB-SERIAL CH340',
      '    ProviderName    REG_SZ    wch.cn',
      `    DriverVersion    REG_SZ    ${version}`,
      String.raw`    MatchingDeviceId    REG_SZ    usb\vid_1a86&pid_7523`,
      '',
      String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e978-e325-11ce-bfc1-08002be10318}\0004`,
      '    DriverVersion    REG_SZ    6.7.4.261',
      String.raw`    MatchingDeviceId    REG_SZ    USB\VID_10C4&PID_EA60`,
    ].join('\r\n');
  const windows = { platform: 'win32', ports: [com] } as const;

  it('have a CH340 driver that may refuse clones', async () => {
    expect(await lookAtPorts(patient({ said: { [query]: registry('3.8.2023.2') } }, windows))).toContainEqual(
      found('drivers/ch340', 'yellow', '3.8.2023.2', '3.7'),
    );
    expect(await lookAtPorts(patient({ said: { [query]: registry('3.5.2019.1') } }, windows))).toContainEqual(
      found('drivers/ch340', 'green', '3.5.2019.1'),
    );
  });

  it('may have no driver at all, in whatever language Windows says so', async () => {
    const said = {
      'pnputil /enum-devices /problem': [
        'Microsoft-PnP-Hilfsprogramm',
        '',
        String.raw`Instanz-ID:                 USB\VID_10C4&PID_EA60\0001`,
        'Gerätebeschreibung:         CP2102 USB to UART Bridge Controller',
        'Problemcode:                28 (0x1C) [CM_PROB_FAILED_INSTALL]',
      ].join('\r\n'),
    };
    expect(await lookAtPorts(patient({ said }, { platform: 'win32' }))).toEqual([
      found('drivers/missing', 'red', '10c4:ea60', 'silabs.com'),
    ]);
  });
});

describe('ports on macOS', () => {
  const cu: PortInfo = { ...ch340, path: '/dev/cu.usbserial-110' };
  const mac = { platform: 'darwin', ports: [cu] } as const;

  it("may have WCH's old driver beside Apple's", async () => {
    const files = { '/Library/Extensions/usbserial.kext/Contents/Info.plist': '' };
    expect(await lookAtPorts(patient({ files }, mac))).toContainEqual(
      found('drivers/two', 'yellow', 'usbserial.kext', 'rm -rf'),
    );
  });

  it('are cu, not tty', async () => {
    const env = { UPYW_PORT: '/dev/tty.usbserial-110' };
    expect(await lookAtPorts(patient({}, { ...mac, env }))).toContainEqual(
      found('macos/tty', 'yellow', 'tty.usbserial-110', '/dev/cu.usbserial-110'),
    );
  });

  it('are held by a program that lsof knows', async () => {
    const said = { 'lsof -F pc -- /dev/cu.usbserial-110': 'p777\ncscreen\nf3\n' };
    expect(await lookAtPorts(patient({ said }, mac))).toContainEqual(
      found('ports/held', 'red', 'screen (process 777)'),
    );
  });

  it('may be missing for an adapter that ioreg shows', async () => {
    const device =
      '+-o CP2102 USB to UART@01100000  <class IOUSBHostDevice>\n  | {\n  |   "idProduct" = 60000\n  |   "idVendor" = 4292\n  | }\n';
    const said = { 'ioreg -p IOUSB -l -w 0': `+-o Root  <class IORegistryEntry>\n${device}` };
    expect(await lookAtPorts(patient({ said }, { platform: 'darwin' }))).toEqual([
      found('drivers/missing', 'red', '10c4:ea60'),
    ]);
  });
});

describe('a cable', () => {
  it('that carries data brings a port, also under the name that it had', async () => {
    let looks = 0;
    const listPorts = () => Promise.resolve((looks += 1) === 2 ? [] : [ch340]);
    expect(await waitForPlug(patient({}, { listPorts }), () => 0)).toEqual(
      found('plug/found', 'green', '/dev/ttyUSB0'),
    );
  });

  it('that only charges brings none within 20 s', async () => {
    let nowMs = 0;
    expect(await waitForPlug(patient({}), () => (nowMs += 10_000))).toEqual(
      found('plug/nothing', 'red', '20 s', 'data'),
    );
  });
});

it('the verdict is the first thing that is in the way', () => {
  const yellow = { id: 'a', level: 'yellow', text: 'yellow', next: 'do this' } as const;
  const red = { id: 'b', level: 'red', text: 'red', next: 'do that' } as const;
  expect(verdictOn([yellow, red, { ...red, text: 'later' }])).toEqual({
    level: 'red',
    text: 'red',
    next: 'do that',
  });
  expect(verdictOn([yellow])).toMatchObject({ level: 'yellow', next: 'do this' });
  expect(verdictOn([{ id: 'a', level: 'yellow', text: 'nothing to do' }])).toMatchObject({ level: 'green' });
});
