/**
 * What a chip says when its program has failed, as ESP-IDF prints it before it reboots. A VM that is lost has no registers to
 * show; in their place it says what JavaScript knows.
 */
export function panicReport(error: Error): string {
  const what = isFullStack(error) ? 'Unhandled debug exception' : 'LoadProhibited';
  const lines = [
    '',
    `Guru Meditation Error: Core  1 panic'ed (${what}). Exception was unhandled.`,
    `Debug exception reason: ${panicReason(error)}`,
    '',
    '',
    'Rebooting...',
    '',
  ];
  return lines.join('\r\n');
}

/** Why, in one line. */
export function panicReason(error: Error): string {
  return isFullStack(error) ? 'Stack canary watchpoint triggered (mp_task)' : firstLine(error.message);
}

function isFullStack(error: Error): boolean {
  return error instanceof RangeError;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
