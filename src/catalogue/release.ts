/** A version of MicroPython, taken apart so that it can be ordered. */
export interface ReleaseVersion {
  /** As it is written: `v1.26.1`, `v1.18`, `v1.27.0-preview.123.g0123abcdef`, `v1.18-473-g30268c93d`. */
  readonly text: string;
  readonly numbers: readonly [major: number, minor: number, patch: number];
  /** Commits before the release that it will be (a preview, negative side) or after the one that it was; 0: a release. */
  readonly isPreview: boolean;
  /** Orders builds of the same numbers: a preview comes before its release, what is built after a release behind it. */
  readonly rank: number;
}

/** A file that MicroPython offers for a board. */
export interface Release {
  /** `ESP32_GENERIC` */
  readonly board: string;
  /** `SPIRAM`; empty for the usual build. */
  readonly variant: string;
  readonly version: ReleaseVersion;
  /** `2025-09-11` */
  readonly date: string;
  /** `ESP32_GENERIC-20250911-v1.26.1.bin` */
  readonly file: string;
}

/** `BOARD[-VARIANT]-YYYYMMDD-vX.Y.Z[-preview.N.gHASH].bin`; before 2023 also `-unstable-v1.18-473-gHASH`. */
const fileName =
  /^(?<id>[A-Za-z0-9_]+(?:-[A-Za-z0-9_-]+?)?)-(?<date>\d{8})-(?:unstable-)?(?<version>v\d[\w.-]*?)\.bin$/;

/** Before 2023, boards had other names: what they are called now. */
const oldNames: Readonly<Record<string, readonly [board: string, variant: string]>> = {
  esp32: ['ESP32_GENERIC', ''],
  esp32spiram: ['ESP32_GENERIC', 'SPIRAM'],
  esp32c3: ['ESP32_GENERIC_C3', ''],
  esp32s2: ['ESP32_GENERIC_S2', ''],
  esp32s3: ['ESP32_GENERIC_S3', ''],
  GENERIC: ['ESP32_GENERIC', ''],
  GENERIC_SPIRAM: ['ESP32_GENERIC', 'SPIRAM'],
  GENERIC_OTA: ['ESP32_GENERIC', 'OTA'],
  GENERIC_D2WD: ['ESP32_GENERIC', 'D2WD'],
  GENERIC_UNICORE: ['ESP32_GENERIC', 'UNICORE'],
  GENERIC_C3: ['ESP32_GENERIC_C3', ''],
  GENERIC_C3_USB: ['ESP32_GENERIC_C3', ''],
  GENERIC_S2: ['ESP32_GENERIC_S2', ''],
  GENERIC_S3: ['ESP32_GENERIC_S3', ''],
  GENERIC_S3_SPIRAM: ['ESP32_GENERIC_S3', 'SPIRAM'],
  GENERIC_S3_SPIRAM_OCT: ['ESP32_GENERIC_S3', 'SPIRAM_OCT'],
};

/** What a file's name says; undefined for one of another form. */
export function parseFileName(file: string): Release | undefined {
  const { id, date, version: text } = fileName.exec(file)?.groups ?? {};
  const version = parseVersion(text ?? '');
  if (id === undefined || date === undefined || version === undefined) return undefined;
  const dash = id.indexOf('-');
  const [name, ending] = dash === -1 ? [id, ''] : [id.slice(0, dash), id.slice(dash + 1)];
  const [board, variant] = oldNames[name] ?? [name, ''];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return { board, variant: ending === '' ? variant : ending, version, date: day, file };
}

/** `BOARD` or `BOARD-VARIANT` as people write it, by an old name too. */
export function parseBoard(text: string): { board: string; variant: string } {
  const [name = '', ...rest] = text.split('-');
  const [board, variant] = oldNames[name] ?? [name, ''];
  return { board, variant: rest.length > 0 ? rest.join('-') : variant };
}

/** `v1.26.1`, with or without its v; undefined for what is no version. */
export function parseVersion(text: string): ReleaseVersion | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-(preview)(?:\.(\d+))?(?:[.\w-]*)|-(\d+)-g\w+)?$/.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch = '0', preview, ahead = '0', since] = match;
  const isPreview = preview !== undefined || since !== undefined;
  return {
    text: text.startsWith('v') ? text : `v${text}`,
    numbers: [Number(major), Number(minor), Number(patch)],
    isPreview,
    rank: preview === undefined ? Number(since ?? 0) : Number(ahead) - commitsOfAnyRelease,
  };
}

/** More than there ever are between two releases. */
const commitsOfAnyRelease = 1e6;

/** Newest first. */
export function newestFirst(left: Release, right: Release): number {
  const [one, other] = [right.version, left.version];
  for (const place of [0, 1, 2] as const) {
    const difference = one.numbers[place] - other.numbers[place];
    if (difference !== 0) return difference;
  }
  return one.rank - other.rank || right.date.localeCompare(left.date);
}

/** Whether an image's banner, `1.26.1`, says what its name says, `v1.26.1`. Hashes of commits may be cut at another length. */
export function isSameVersion(named: string, found: string): boolean {
  const parts = (text: string) => /^v?(.*?)(?:[.-]g([0-9a-f]+)(?:-dirty)?)?$/.exec(text) ?? [];
  const [, base, hash = ''] = parts(named);
  const [, foundBase, foundHash = ''] = parts(found);
  const isOfOneBase = base === foundBase || `${base ?? ''}.0` === foundBase;
  return isOfOneBase && (hash.startsWith(foundHash) || foundHash.startsWith(hash));
}
