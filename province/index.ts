// The province's door: `startProvince` runs one in this process.
export { defaultLimits, startProvince } from './start.ts';
export type * from './types.ts';
