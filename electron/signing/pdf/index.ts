// PDFs (PAdES): signed and time-stamped by incremental updates, and verified.
export { addDocTimeStamp, type PdfToSign, signPdf } from './sign.ts';
export { signersIn } from './signers.ts';
export { verifyPdf } from './verify.ts';
