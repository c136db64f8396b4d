// Starts a kernel: a WebAssembly module made of the `.as.ts` files beside this one by scripts/compile-kernels.ts.
// The types say only what is used: this floor of the program is checked without the browser's type library.

/** What every kernel exports besides its own functions (memory.as.ts). */
export interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Address of so many bytes, 16-byte aligned, zero filled. The buffer may be another one afterwards. */
  take(bytes: number): number;
  mark(): number;
  /** Gives back and wipes everything taken since the mark. */
  release(mark: number): void;
}

interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** A fresh instance with its own memory. `K` must be what the module exports: the compiler of the kernels checks that. */
export function startKernel<K extends KernelMemory>(base64: string): K {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Wasm };
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  return new WebAssembly.Instance(module).exports as K;
}
