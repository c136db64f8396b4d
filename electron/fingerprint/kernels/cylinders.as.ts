// Entry of the kernel that compares fingers: what electron/fingerprint/matching calls.
import { prepareComparison } from './compare.as';
import { prepareCylinders } from './cylinder.as';

export { mark, release, take } from './memory.as';
export { buildCylinders } from './cylinder.as';
export { compare } from './compare.as';

/** Makes the tables; once, before anything else. */
export function prepare(): void {
  prepareCylinders();
  prepareComparison();
}
