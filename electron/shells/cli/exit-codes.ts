// What every command's exit code means; apart from job.ts, which brings the whole core along.
export const exitCodes = { good: 0, problem: 1, usage: 2, notOpened: 3, bug: 70 } as const;
