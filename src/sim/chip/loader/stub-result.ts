/** The stub's status, two bytes with the high one first (`commands.h` of esp-flasher-stub). */
export const stubStatus = {
  badLength: 0xc000,
  badChecksum: 0xc100,
  badCommand: 0xc300,
  spiFailed: 0xc400,
  notInFlashMode: 0xc600,
  inflateFailed: 0xc700,
  notEnoughData: 0xc800,
  tooMuchData: 0xc900,
  notImplemented: 0xff00,
} as const;

export interface StubResult {
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly error?: number;
  /** What is done once the answer is sent; resolves to the error that the next command is answered with. */
  readonly afterwards?: () => Promise<number | undefined>;
}
