// Entry of the kernel that reads ridges out of a picture: what electron/fingerprint/extraction calls.
import { prepareFilters } from './enhance.as';
import { prepareSpectrum } from './spectrum.as';

export { enhance, redirect, spread } from './enhance.as';
export { mark, release, take } from './memory.as';
export { minutiae } from './minutiae.as';
export { halve, normalise, scale, widen } from './picture.as';
export { settle, spectra } from './spectrum.as';
export { binarise, despeckle, thin } from './thin.as';

/** Makes the tables; once, before anything else. */
export function prepare(): void {
  prepareSpectrum();
  prepareFilters(4.0);
}
