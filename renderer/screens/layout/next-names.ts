// Names for new rooms and beds that go on where the signs on the doors stop: 101, 102 → 103; G05, G06 → G07.

const numbered = /^(.*?)(\d+)$/;

/** `count` names after the highest number among `names`, with the same letters and width; counts from 1 when none has a number. */
export function nextNames(names: readonly string[], count: number): string[] {
  const last = highest(names);
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const number = String(last.number + i + 1);
    return last.prefix + number.padStart(last.width, '0');
  });
}

function highest(names: readonly string[]): { prefix: string; number: number; width: number } {
  let found = { prefix: '', number: 0, width: 1 };
  for (const name of names) {
    const [, prefix = '', digits = ''] = numbered.exec(name.trim()) ?? [];
    if (digits !== '' && Number(digits) > found.number)
      found = { prefix, number: Number(digits), width: digits.length };
  }
  return found;
}
