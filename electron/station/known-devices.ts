// USB ids we can put a name to. From vendors' readmes, driver files and users' lsusb lists; unconfirmed on real
// devices except the U.are.U 4500. Only for showing what is plugged in: drivers decide by their own probing.

interface KnownDevice {
  readonly vendorId: number;
  /** Absent: any product of this vendor. */
  readonly productId?: number;
  readonly name: string;
}

const knownDevices: readonly KnownDevice[] = [
  // fingerprint readers
  { vendorId: 0x05ba, productId: 0x000a, name: 'U.are.U 4500 (vân tay)' },
  { vendorId: 0x05ba, productId: 0x0007, name: 'U.are.U 4000 (vân tay)' },
  { vendorId: 0x05ba, name: 'DigitalPersona (vân tay)' },
  { vendorId: 0x045e, productId: 0x00bd, name: 'Microsoft Fingerprint Reader (vân tay)' },
  { vendorId: 0x045e, productId: 0x00ca, name: 'Microsoft Fingerprint Reader v2 (vân tay)' },
  { vendorId: 0x1b55, productId: 0x0120, name: 'ZKTeco Live20R (vân tay)' },
  { vendorId: 0x1b55, productId: 0x0124, name: 'ZKTeco ZK9500 (vân tay)' },
  { vendorId: 0x1162, name: 'SecuGen Hamster (vân tay)' },
  { vendorId: 0x1491, name: 'Futronic (vân tay)' },
  { vendorId: 0x16d1, name: 'Suprema BioMini (vân tay)' },
  // barcode scanners
  { vendorId: 0x0c2e, name: 'Honeywell (máy quét mã)' },
  { vendorId: 0x05e0, name: 'Zebra, Symbol (máy quét mã)' },
  { vendorId: 0x05f9, name: 'Datalogic (máy quét mã)' },
  { vendorId: 0x1eab, name: 'Newland (máy quét mã)' },
  // signing tokens
  { vendorId: 0x096e, name: 'Feitian ePass (chữ ký số)' },
  { vendorId: 0x0529, name: 'SafeNet eToken (chữ ký số)' },
  { vendorId: 0x08e6, name: 'Gemalto (chữ ký số)' },
  // serial adapters, behind which a scanner or an analyser may hang
  { vendorId: 0x1a86, productId: 0x7523, name: 'CH340 (cổng COM qua USB)' },
  { vendorId: 0x10c4, productId: 0xea60, name: 'CP210x (cổng COM qua USB)' },
  { vendorId: 0x0403, productId: 0x6001, name: 'FTDI (cổng COM qua USB)' },
  { vendorId: 0x067b, productId: 0x2303, name: 'PL2303 (cổng COM qua USB)' },
];

/** The most particular entry: product before vendor. */
export function knownDevice(vendorId: number, productId: number): string | null {
  const ofVendor = knownDevices.filter((d) => d.vendorId === vendorId);
  return (
    (ofVendor.find((d) => d.productId === productId) ?? ofVendor.find((d) => d.productId === undefined))
      ?.name ?? null
  );
}
