// CMS and CAdES: detached and enveloping signatures over bytes, made and verified.
export { addTimeStamp, signCades, type ToSign } from './sign.ts';
export { readSignedData, type SignedData, type SignerInfo } from './signed-data.ts';
export { type VerifyOptions, verifyCades } from './verify.ts';
