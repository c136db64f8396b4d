// The page's own sealing of a PIN, in a process of its own as a browser's is: argv: pinKey; standard input: the PIN.
import { text } from 'node:stream/consumers';
import { sealPin } from '../../../../renderer/pin/seal.ts';

const pin = await text(process.stdin);
process.stdout.write(JSON.stringify(await sealPin(pin, { key: process.argv[2]!, min: 4, max: 255 })));
