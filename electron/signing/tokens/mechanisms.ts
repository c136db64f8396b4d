// How a signature algorithm is asked of a token. The hash is made here and only it goes to the card: some tokens take
// a second for each kilobyte. Where a token only signs whole data, it gets the data.
import { digest, ecdsaToDer } from '../crypto.ts';
import { algorithmIdentifier, octets, seq } from '../der/write.ts';
import type { SignatureAlgorithm } from '../types.ts';
import type { Module } from './module.ts';
import { mechanism, mgf1Sha256 } from './numbers.ts';

export interface Recipe {
  readonly name: string;
  readonly mechanism: number;
  parameter(module: Module): Buffer | null;
  input(data: Uint8Array): Uint8Array;
  /** Null: what came is no signature. */
  output(made: Buffer): Buffer | null;
}

/** Best first. */
const recipes: Readonly<Record<SignatureAlgorithm, readonly Recipe[]>> = {
  'rsa-pkcs1-sha256': [
    recipe('CKM_RSA_PKCS', mechanism.rsaPkcs, { input: digestInfo }),
    recipe('CKM_SHA256_RSA_PKCS', mechanism.sha256RsaPkcs, {}),
  ],
  'rsa-pss-sha256': [
    recipe('CKM_RSA_PKCS_PSS', mechanism.rsaPss, { input: sha256, parameter: pssParameter }),
    recipe('CKM_SHA256_RSA_PKCS_PSS', mechanism.sha256RsaPss, { parameter: pssParameter }),
  ],
  'ecdsa-p256-sha256': [
    recipe('CKM_ECDSA', mechanism.ecdsa, { input: sha256, output: (made) => ecdsaToDer(made, 'P-256') }),
    recipe('CKM_ECDSA_SHA256', mechanism.ecdsaSha256, { output: (made) => ecdsaToDer(made, 'P-256') }),
  ],
  'ecdsa-p384-sha384': [
    recipe('CKM_ECDSA', mechanism.ecdsa, {
      input: (data) => digest('sha384', data),
      output: (made) => ecdsaToDer(made, 'P-384'),
    }),
    recipe('CKM_ECDSA_SHA384', mechanism.ecdsaSha384, { output: (made) => ecdsaToDer(made, 'P-384') }),
  ],
};

/** Of a token's mechanisms those it signs with. */
export const offeredBy = (
  listed: ReadonlySet<number>,
  canSign: (mechanism: number) => boolean,
): ReadonlySet<number> => new Set([...listed].filter((kind) => used.has(kind) && canSign(kind)));

export const recipeFor = (algorithm: SignatureAlgorithm, offered: ReadonlySet<number>): Recipe | null =>
  recipes[algorithm].find((each) => offered.has(each.mechanism)) ?? null;

const used: ReadonlySet<number> = new Set(
  Object.values(recipes).flatMap((each) => each.map((one) => one.mechanism)),
);

function recipe(
  name: string,
  kind: number,
  how: Partial<Pick<Recipe, 'input' | 'output' | 'parameter'>>,
): Recipe {
  return {
    name,
    mechanism: kind,
    parameter: how.parameter ?? (() => null),
    input: how.input ?? ((data) => data),
    output: how.output ?? ((made) => made),
  };
}

function sha256(data: Uint8Array): Buffer {
  return digest('sha256', data);
}

/** CKM_RSA_PKCS pads and nothing else: a bare hash would give a signature that no one can verify (RFC 8017, 9.2). */
function digestInfo(data: Uint8Array): Buffer {
  return seq(algorithmIdentifier('2.16.840.1.101.3.4.2.1', 'null'), octets(sha256(data)));
}

/** CK_RSA_PKCS_PSS_PARAMS: hash, mask, salt as long as the hash. */
function pssParameter(module: Module): Buffer {
  return module.numbers(mechanism.sha256, mgf1Sha256, 32);
}
