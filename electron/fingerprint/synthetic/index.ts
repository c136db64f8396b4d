// Made-up fingers, for tests, the training mode's simulated reader, and figures that need more fingers than there are.
export { growFinger, type SyntheticFinger } from './finger.ts';
export { type Touch, touch } from './impression.ts';
export { createRandom, type Random } from './random.ts';
export { mixTemplate, scatterTemplate, shakeTemplate } from './templates.ts';
