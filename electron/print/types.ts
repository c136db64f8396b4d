// The seams of the print room: what a sheet is before a browser engine has drawn it, what is made of it, and what a shell
// lends: an engine and the way to the system's printers.
import type { Result } from '../../shared/api/contract.ts';

/** A paper as HTML that needs nothing from outside: fonts, codes and rules are all in it. */
export interface Sheet {
  readonly html: string;
  readonly paper: 'A4' | 'A5';
  readonly landscape: boolean;
  /** The PDF's title: words of the form, never of a patient. */
  readonly title: string;
  /** SHA-256 of the canonical JSON of the body it was drawn from, 64 hex digits; null for what was never frozen. */
  readonly bodySha256: string | null;
  /** When it was frozen, ms since 1970 UTC: the PDF's only date, so that the same sheet gives the same bytes. */
  readonly at: number;
  /** Ids of the steps whose boxes must be found in the PDF, in their order. */
  readonly steps: readonly string[];
}

/** Where a step's signature belongs: points (1/72 inch) from the page's lower left corner. */
export interface SignatureBox {
  readonly step: string;
  /** From 0. */
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PrintedSheet {
  readonly pdf: Buffer;
  readonly pages: number;
  /** In the order of the steps. */
  readonly boxes: readonly SignatureBox[];
}

/** A browser engine that draws a sheet. Codes: print_failed. Never rejects. */
export interface Press {
  /** The engine's own PDF, before title, dates and signature boxes are seen to. */
  draw(sheet: Pick<Sheet, 'html' | 'paper' | 'landscape'>): Promise<Result<Buffer>>;
  close(): Promise<void>;
}

export interface Printer {
  readonly name: string;
  readonly isDefault: boolean;
}

/** The system's printers. Nothing of a paper is written to a file by us on the way there. */
export interface Printers {
  list(): Promise<Printer[]>;
  /**
   * Gives the system a job and answers its name for it. `title` is seen in the system's own queue, so it names no
   * patient. Codes: printer_missing, print_failed.
   */
  send(job: {
    pdf: Buffer;
    printer: string | null;
    copies: number;
    title: string;
  }): Promise<Result<{ systemJob: string | null }>>;
  /** Whether the system still has it: false once it is done with it. */
  has(systemJob: string): Promise<boolean>;
  /** Takes back what is not printed yet. */
  cancel(systemJob: string): Promise<void>;
}
