// CMS and CAdES: detached and enveloping signatures over bytes, made and verified.
export { addsUp, isStampedCopy, signerOf } from './adds-up.ts';
export { addTimeStamp, signCades, type ToSign } from './sign.ts';
export { readSignedData, type SignedData, type SignerInfo } from './signed-data.ts';
export { type VerifyOptions, verifyCades } from './verify.ts';
