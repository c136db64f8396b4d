// Entry of the kernel that compares fingers: what electron/fingerprint/matching calls.
import { prepareComparison } from './compare.as';
import { prepareCylinders } from './cylinder.as';
import { prepareGallery } from './gallery.as';

export { compare } from './compare.as';
export { buildCylinders } from './cylinder.as';
export { longestRecord, prepareRecord, scan, writeRecord } from './gallery.as';
export { mark, release, take } from './memory.as';

/** Makes the tables; once, before anything else. */
export function prepare(): void {
  prepareCylinders();
  prepareComparison();
  prepareGallery();
}
