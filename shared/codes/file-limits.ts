// How large a signed file from elsewhere may be, and in which pieces the page hands it to the core. Ours: a scanned
// record of some hundred pages has 10 MB, and one call carries a megabyte at most, base64 included.

/** Bytes. */
export const mostFileBytes = 20_000_000;
/** Bytes of one part; a multiple of three, so that every part but the last is base64 without padding. */
export const partBytes = 384 * 1024;
