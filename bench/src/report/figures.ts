/** Three significant digits, as people read them: `0.0123`, `4.56`, `78.9`, `12,300`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(3));
  if (rounded === 0) return "0";
  const digits = Math.floor(Math.log10(Math.abs(rounded)));
  return digits >= 3 ? rounded.toLocaleString("en") : rounded.toFixed(2 - digits);
}

/** A time in the unit that suits it: `12.3 µs`, `4.56 ms`, `7.89 s`. */
export function time(seconds: number): string {
  if (seconds < 999.5e-6) return `${figure(seconds * 1e6)} µs`;
  return seconds < 0.9995 ? `${figure(seconds * 1e3)} ms` : `${figure(seconds)} s`;
}

/** Bytes in KB, MB or GB, powers of 1000. */
export function bytes(count: number): string {
  if (count < 999.5e3) return `${figure(count / 1e3)} KB`;
  return count < 999.5e6 ? `${figure(count / 1e6)} MB` : `${figure(count / 1e9)} GB`;
}

/** `−12 %`, `+3 %`: how far a value lies from another. */
export function deviation(value: number, from: number): string {
  const share = Math.round((value / from - 1) * 100);
  return `${share < 0 ? "−" : "+"}${Math.abs(share)} %`;
}
