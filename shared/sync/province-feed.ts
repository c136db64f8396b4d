// Under which name the province writes in a center's log: as a station of its own, another one in each center, which
// everybody who knows the province can work out.

/** 32 hex digits. `province`: its id, 32 hex digits. */
export const provinceFeedStation = (
  province: string,
  centerId: string,
  sha256: (bytes: Uint8Array) => Uint8Array,
): string => {
  const id = Uint8Array.from(province.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const center = new TextEncoder().encode(centerId);
  const both = new Uint8Array(id.length + center.length);
  both.set(id);
  both.set(center, id.length);
  return [...sha256(both).subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
