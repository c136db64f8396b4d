// What a printed paper is found again by (Decree 137/2024/NĐ-CP asks for a code on what is printed from a data message):
// both the code and the QR beside it come from the hash of the frozen body, so they cannot be given to another paper.
import { renderSVG } from 'uqr';

/** Crockford's base 32: no letter that looks like a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const signs = 12;

/** `7H3K-9QX2-M4TZ`: the first 60 bits of the body's SHA-256. */
export function lookupCode(bodySha256: string): string {
  let bits = BigInt(`0x${bodySha256.slice(0, 16)}`) >> 4n;
  let out = '';
  for (let n = 0; n < signs; n++) {
    out = (alphabet[Number(bits & 31n)] ?? '') + out;
    bits >>= 5n;
  }
  return `${out.slice(0, 4)}-${out.slice(4, 8)}-${out.slice(8)}`;
}

/** What the QR says: capitals only, which a QR holds in the fewest modules. */
export const qrText = (lookup: string, bodySha256: string): string =>
  `TRAM:${lookup.toUpperCase()}:${bodySha256.toUpperCase()}`;

/** As SVG, `mm` wide; level M stands a crease and a stamp. */
export function qrSvg(text: string, mm: number): string {
  const svg = renderSVG(text, { ecc: 'M', border: 0, pixelSize: 1, whiteColor: 'none' });
  return svg.replace('<svg ', `<svg width="${mm}mm" height="${mm}mm" shape-rendering="crispEdges" `);
}
