// Time-stamps (RFC 3161): asked for, and verified.
export { type StamperOptions, timeStamper } from './stamper.ts';
export { type StampVerdict, verifyTimeStamp } from './verify.ts';
