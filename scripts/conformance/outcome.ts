// How one case of a public set of test vectors went.
export interface Outcome {
  readonly id: string;
  readonly expected: string;
  readonly got: 'accepted' | 'refused';
  /**
   * `outside policy`: the case uses an algorithm that this program never believes, and was refused for that alone.
   */
  readonly verdict: 'right' | 'wrongly accepted' | 'wrongly refused' | 'outside policy';
  readonly why: string;
}

export function outcomeOf(
  id: string,
  expected: 'accept' | 'refuse' | 'either',
  why: string | null,
  outsidePolicy = false,
): Outcome {
  const got = why === null ? 'accepted' : 'refused';
  const right = expected === 'either' || (expected === 'accept') === (why === null);
  return {
    id,
    expected,
    got,
    verdict: right
      ? 'right'
      : got === 'accepted'
        ? 'wrongly accepted'
        : outsidePolicy
          ? 'outside policy'
          : 'wrongly refused',
    why: why ?? '',
  };
}
