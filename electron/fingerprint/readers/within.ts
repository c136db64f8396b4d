// Waiting for something, but not for longer than this.

export const late = Symbol('late');

export async function within<T>(wanted: Promise<T>, ms: number): Promise<T | typeof late> {
  const { promise, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), ms);
  try {
    return await Promise.race([wanted, promise]);
  } finally {
    clearTimeout(timer);
  }
}
