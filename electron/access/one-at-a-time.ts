// Guesses sent in parallel, through whichever method checks a secret, are looked at one after the other, so that
// none slips past the count of failures.
export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

export function openOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}
