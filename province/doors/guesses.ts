// Wrong enrolment codes by address. Nobody guesses a code's secret, but five wrong tries burn a code, and its public part
// is one of a million: whoever may try without end burns every code of the province before it is used.

/** A person mistypes a few times; at this rate burning the codes there are takes months, and they live a week. */
const MOST_A_MINUTE = 20;
/** More addresses than this within a minute are an attack, and whoever is not listed yet may try. */
const MOST_ADDRESSES = 10_000;

export interface Guesses {
  tooMany(address: string): boolean;
  wrong(address: string): void;
}

/** `now`: ms, monotonic. */
export function guessesOf(now: () => number): Guesses {
  let counts = new Map<string, number>();
  let since = now();
  const thisMinute = (): Map<string, number> => {
    if (now() - since < 60_000) return counts;
    since = now();
    counts = new Map();
    return counts;
  };
  return {
    tooMany: (address) => (thisMinute().get(address) ?? 0) >= MOST_A_MINUTE,
    wrong(address) {
      const all = thisMinute();
      const before = all.get(address);
      if (before !== undefined || all.size < MOST_ADDRESSES) all.set(address, (before ?? 0) + 1);
    },
  };
}
