// The door to the kernel that compares fingers (cylinders.as.ts); the arguments are explained there.
import { type KernelMemory, startKernel } from './instance.ts';
import { cylinders } from './kernels.gen.ts';

export interface CylinderKernel extends KernelMemory {
  prepare(): void;
  buildCylinders(from: number, count: number, to: number): number;
  compare(a: number, b: number): number;
  longestRecord(minutiae: number): number;
  writeRecord(from: number, count: number, slot: number, to: number): number;
  scan(probe: number, start: number, end: number, scores: number): void;
  prepareRecord(record: number, to: number): number;
}

/** A fresh instance: who holds templates in its memory decides how long. */
export function cylinderKernel(): CylinderKernel {
  const kernel = startKernel<CylinderKernel>(cylinders);
  kernel.prepare();
  return kernel;
}
