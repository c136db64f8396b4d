// What is costly to make and only read afterwards is made once in a process that runs many test files, also for those that
// load their modules anew.
const kept = Symbol.for('tram.tests.once');

/** `name` names what is made; of two with one name the first is everybody's. */
export function once<T>(name: string, make: () => T): T {
  const all: Map<string, unknown> = (Reflect.get(globalThis, kept) as Map<string, unknown>) ?? new Map();
  Reflect.set(globalThis, kept, all);
  if (!all.has(name)) all.set(name, make());
  // whoever asked first under this name made a T
  return all.get(name) as T;
}
