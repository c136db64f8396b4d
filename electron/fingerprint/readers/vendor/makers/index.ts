// The makers whose libraries we can speak to.
import type { Vendor, VendorName } from '../vendor.ts';
import { futronic } from './futronic.ts';
import { secugen } from './secugen.ts';
import { suprema } from './suprema.ts';
import { zkteco } from './zkteco.ts';

export const vendors: Readonly<Record<VendorName, Vendor>> = { zkteco, secugen, futronic, suprema };
