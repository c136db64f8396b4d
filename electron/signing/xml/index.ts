// XML signatures (XML-DSig, XAdES-BES) of the insurance fund's envelope: made and verified.
export { signXml, type XmlToSign } from './sign.ts';
export { verifyXml } from './verify.ts';
