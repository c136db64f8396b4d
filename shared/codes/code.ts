// A row of a code list: what is stored and what is shown.

export interface Code {
  readonly code: string;
  readonly name: string;
}

/** Tells whether a code is in a list, without walking it each time. */
export function codeSet(list: readonly Code[]): ReadonlySet<string> {
  return new Set(list.map((row) => row.code));
}
