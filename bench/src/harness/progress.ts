/** Where the bench is, on standard error: one line that is rewritten on a terminal, lines elsewhere. */
const terminal = process.stderr.isTTY === true;
let shown = 0;
let silent = false;

/** Says nothing from now on. */
export function beSilent(): void {
  silent = true;
}

/** Says what is being done now. */
export function now(text: string): void {
  if (!terminal || silent) return;
  const line = text.slice(0, (process.stderr.columns ?? 80) - 1);
  process.stderr.write(`\r${line.padEnd(shown)}`);
  shown = line.length;
}

/** Says something that stays. */
export function say(text: string): void {
  if (silent) return;
  if (terminal) process.stderr.write(`\r${" ".repeat(shown)}\r`);
  shown = 0;
  process.stderr.write(`${text}\n`);
}
