// Memory of a kernel module: one stack that only its caller moves, so that a whole picture's work is wiped in one go.
// No garbage collector and no objects: the host asks for room, passes addresses, and releases down to a mark.

let top: usize = 0;

/** Room for so many bytes, 16-byte aligned, zero filled as long as whoever had it before released it. */
export function take(bytes: usize): usize {
  if (top === 0) top = (__heap_base + 15) & ~15;
  const at = top;
  top = (top + bytes + 15) & ~15;
  const pages = i32((top + 0xffff) >> 16);
  const have = memory.size();
  if (pages > have && memory.grow(pages - have) < 0) unreachable();
  return at;
}

export function mark(): usize {
  return top;
}

/** Gives back everything taken since the mark, filled with zeros: nothing of a finger stays behind. */
export function release(to: usize): void {
  memory.fill(to, 0, top - to);
  top = to;
}

export function getF(at: usize, index: i32): f32 {
  return load<f32>(at + ((<usize>index) << 2));
}

export function setF(at: usize, index: i32, value: f32): void {
  store<f32>(at + ((<usize>index) << 2), value);
}

export function getI(at: usize, index: i32): i32 {
  return load<i32>(at + ((<usize>index) << 2));
}

export function setI(at: usize, index: i32, value: i32): void {
  store<i32>(at + ((<usize>index) << 2), value);
}

export function getB(at: usize, index: i32): i32 {
  return <i32>load<u8>(at + <usize>index);
}

export function setB(at: usize, index: i32, value: i32): void {
  store<u8>(at + <usize>index, <u8>value);
}
