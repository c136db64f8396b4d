// What is still to happen: a heap by time, then by number, so that equal times keep their order.

export interface Pending {
  readonly at: number;
  readonly number: number;
  readonly run: () => void;
}

const before = (a: Pending, b: Pending): boolean => a.at < b.at || (a.at === b.at && a.number < b.number);

export function push(heap: Pending[], item: Pending): void {
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] as Pending;
    if (!before(item, above)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = item;
}

/** The earliest; of several, the one that was put in first. */
export function pop(heap: Pending[]): Pending | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Pending, heap[child] as Pending)) child += 1;
    if (!before(heap[child] as Pending, last)) break;
    heap[i] = heap[child] as Pending;
    i = child;
  }
  heap[i] = last;
  return first;
}
