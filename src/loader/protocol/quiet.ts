/** What was said is over when nothing comes for `quietMs`; it is waited for `mostMs` at most. */
export interface Quiet {
  readonly quietMs: number;
  readonly mostMs: number;
}

/**
 * What a line still brings at these moments is of no use, and would be taken for the answer to what is sent next. A USB adapter
 * holds bytes back for 16 ms (FTDI, AN232B-04, "latency timer"), so a line is not quiet before 20 ms; the more may
 * be under way, the longer it is listened to.
 */
export const quiet = {
  /** Answers to SYNC that were not counted. */
  afterSync: { quietMs: 20, mostMs: 400 },
  /** The rest of an answer that did not arrive whole. */
  afterTrouble: { quietMs: 30, mostMs: 400 },
  /** The ROM's further answers to a command that it does not know. */
  afterUnknown: { quietMs: 50, mostMs: 400 },
  /** What chip and adapter garble while each changes its rate. */
  afterRateChange: { quietMs: 20, mostMs: 200 },
  /** The frame and the digest that a stub sends after its reading was broken off: 0.4 s at 115200 baud. */
  afterBreakOff: { quietMs: 100, mostMs: 500 },
  /** Whatever a disturbed line brings before it is asked who is there. */
  beforeRecovery: { quietMs: 100, mostMs: 1000 },
} as const satisfies Record<string, Quiet>;
