// The door to the kernel that reads ridges out of a picture (ridges.as.ts); the arguments are explained there.
import { type KernelMemory, startKernel } from './instance.ts';
import { ridges } from './kernels.gen.ts';

export interface RidgeKernel extends KernelMemory {
  prepare(): void;
  widen(from: number, to: number, count: number): void;
  scale(
    from: number,
    width: number,
    height: number,
    to: number,
    toWidth: number,
    toHeight: number,
    step: number,
  ): void;
  normalise(
    from: number,
    width: number,
    height: number,
    deviation: number,
    to: number,
    stride: number,
    pad: number,
    least: number,
  ): void;
  halve(from: number, stride: number, rows: number, to: number): void;
  spectra(
    half: number,
    stride: number,
    pad: number,
    across: number,
    down: number,
    active: number,
    to: number,
  ): void;
  settle(own: number, across: number, down: number, rounds: number, to: number): void;
  spread(blocks: number, fields: number, across: number, down: number, cells: number): void;
  enhance(
    from: number,
    to: number,
    stride: number,
    pad: number,
    cells: number,
    mask: number,
    columns: number,
    rows: number,
  ): void;
  redirect(
    from: number,
    stride: number,
    pad: number,
    cells: number,
    mask: number,
    columns: number,
    rows: number,
    trust: number,
    sharp: number,
  ): void;
  binarise(
    from: number,
    stride: number,
    pad: number,
    mask: number,
    width: number,
    height: number,
    to: number,
  ): void;
  despeckle(at: number, width: number, height: number, value: number, least: number): void;
  thin(at: number, width: number, height: number): void;
  minutiae(
    lines: number,
    width: number,
    height: number,
    cells: number,
    sharp: number,
    edge: number,
    clear: number,
    to: number,
  ): number;
}

let started: RidgeKernel | undefined;

/** One instance a thread: its memory is empty between two pictures. */
export function ridgeKernel(): RidgeKernel {
  if (started === undefined) {
    started = startKernel<RidgeKernel>(ridges);
    started.prepare();
  }
  return started;
}
