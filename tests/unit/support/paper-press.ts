// A press without a browser for tests of what happens to papers: a PDF of one page with a link for each box to sign in,
// as an engine leaves them. How papers look is tested with the real one in tests/integration/print.
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import type { Press } from '../../../electron/print/index.ts';
import { fail, ok } from '../../../shared/api/contract.ts';

export interface PaperPress extends Press {
  /** Answers nothing while true. */
  broken: boolean;
  drawn: number;
}

export function paperPress(): PaperPress {
  const press: PaperPress = {
    broken: false,
    drawn: 0,
    async draw({ html }) {
      if (press.broken) return fail('print_failed');
      press.drawn += 1;
      const document = await PDFDocument.create();
      const page = document.addPage([595, 842]);
      const steps = [...html.matchAll(/tram-box:([a-z0-9_-]+)/g)].map(([, step]) => step ?? '');
      const links = steps.map((step, i) =>
        document.context.register(
          document.context.obj({
            Type: 'Annot',
            Subtype: 'Link',
            Rect: [40 + i * 90, 60, 120 + i * 90, 120],
            A: { S: 'URI', URI: PDFString.of(`tram-box:${step}`) },
          }),
        ),
      );
      page.node.set(PDFName.of('Annots'), document.context.obj(links));
      return ok(Buffer.from(await document.save()));
    },
    close: async () => {},
  };
  return press;
}
