// Reading a typed number: `37,5` and `37.5` are the same; a field holds one measurement, so there is no thousand sign.

/** Null when the text is empty or not a plain number. Rounds to `decimals`. */
export function parseNumber(typed: string, decimals = 1): number | null {
  const clean = typed.trim().replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(clean)) return null;
  const factor = 10 ** decimals;
  return Math.round(Number(clean) * factor) / factor;
}
