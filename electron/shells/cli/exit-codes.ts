// What a command's exit code means; apart from job.ts, which brings the whole core along.

/** `usage` and `bug` are those of sysexits.h. */
export const exitCodes = { good: 0, problem: 1, usage: 64, notOpened: 3, bug: 70 } as const;

/** Of `tram verify`. Whatever else it is that went wrong, 0 is only ever for "valid". */
export const verdictCodes = { valid: 0, invalid: 1, undetermined: 2 } as const;
