// The province's door: `startProvince` runs one in this process.
export type * from './types.ts';
