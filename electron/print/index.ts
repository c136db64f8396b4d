// The print room's door.
export { type BrowserPressOptions, openBrowserPress } from './chromium/press.ts';
export { paperOfJob } from './jobs.ts';
export { lookupCode } from './lookup.ts';
export type { PaperMark } from './pdf/copy.ts';
export { bodyHashOf } from './pdf/finish.ts';
export { type PdfMaker, pdfMaker } from './pdf-maker.ts';
export { systemPrinters } from './printers/system.ts';
export { openPrintQueue, type PrintQueue, type PrintQueueNeeds } from './queue.ts';
export type { Press, PrintedSheet, Printer, Printers, Sheet, SignatureBox } from './types.ts';
