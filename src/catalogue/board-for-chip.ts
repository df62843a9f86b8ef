/** What a chip says of itself that decides which build it needs. */
export interface ChipAtHand {
  /** `ESP32-S3` */
  readonly name: string;
  /** As esptool-js words it: `Embedded PSRAM 8MB (AP_3v3)`, `Dual Core`, `Embedded Flash`. */
  readonly features: readonly string[];
  /** `ESP32-D0WDQ6 (revision 1)` */
  readonly model: string;
  readonly flashSizeBytes: number;
}

export interface ChosenBoard {
  readonly board: string;
  readonly variant: string;
  /** Reads on behind "since": `this is an ESP32-S3 with 8 MB PSRAM`. */
  readonly why: string;
}

/** Families that MicroPython has a general build for (ports/esp32/boards). */
const generic: Readonly<Record<string, string>> = {
  ESP32: 'ESP32_GENERIC',
  'ESP32-S2': 'ESP32_GENERIC_S2',
  'ESP32-S3': 'ESP32_GENERIC_S3',
  'ESP32-C2': 'ESP32_GENERIC_C2',
  'ESP32-C3': 'ESP32_GENERIC_C3',
  'ESP32-C5': 'ESP32_GENERIC_C5',
  'ESP32-C6': 'ESP32_GENERIC_C6',
  'ESP32-P4': 'ESP32_GENERIC_P4',
};

/**
 * The general build for a chip; undefined where MicroPython has none. PSRAM is only seen where it is in the chip's own package: a WROVER's is
 * beside it, and nothing in the loader tells of it; the usual build runs there too, and leaves it alone.
 */
export function boardForChip(chip: ChipAtHand): ChosenBoard | undefined {
  const board = generic[chip.name];
  if (board === undefined) return undefined;
  const psramMb = psramOf(chip.features);
  const variant = variantFor(chip, psramMb);
  const psram = psramMb === undefined ? '' : psramMb === 0 ? ' with PSRAM' : ` with ${psramMb} MB PSRAM`;
  return { board, variant, why: `this is an ${chip.name}${psram}` };
}

/** The family that a general build is for; undefined for other boards. */
export function chipOfBoard(board: string): string | undefined {
  return Object.entries(generic).find(([, name]) => name === board)?.[0];
}

/** In MB; 0 where it is there and its size is not told, undefined where there is none. */
function psramOf(features: readonly string[]): number | undefined {
  const psram = features.find((each) => /\bPSRAM\b/i.test(each) && !/^no /i.test(each));
  return psram === undefined ? undefined : Number(/(\d+)\s*MB/i.exec(psram)?.[1] ?? 0);
}

/** PSRAM of 8 MB and more in an S3 is octal (ESP32-S3 datasheet, table of variants); quad PSRAM is in its usual build. */
const octalFromMb = 8;
const smallFlashBytes = 2 * 0x100000;

function variantFor(
  { name, model, features, flashSizeBytes }: ChipAtHand,
  psramMb: number | undefined,
): string {
  if (name === 'ESP32-S3') return (psramMb ?? 0) >= octalFromMb ? 'SPIRAM_OCT' : '';
  if (name === 'ESP32-C2') return flashSizeBytes <= smallFlashBytes ? 'FLASH_2M' : '';
  if (name !== 'ESP32') return '';
  if (psramMb !== undefined) return 'SPIRAM';
  if (features.some((each) => /single core/i.test(each))) return 'UNICORE';
  return /D2WD/.test(model) ? 'D2WD' : '';
}
