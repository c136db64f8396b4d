// What is signed in training must never count: besides having an anchor of its own, each training certificate says what it
// is in its names, so that one that strays into a real record is known for what it is and not only for a stranger.
import type { Certificate } from '../x509/certificate.ts';
import { attributes, valuesOf } from '../x509/names.ts';

/** Organisation of every training CA and of whom it certifies. */
export const trainingOrganization = 'TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ';

export const isTrainingCertificate = ({ subject, issuer }: Certificate): boolean =>
  [subject, issuer].some((name) =>
    [attributes.organization, attributes.organizationalUnit].some((type) =>
      valuesOf(name, type).some((value) => folded(value) === folded(trainingOrganization)),
    ),
  );

const folded = (text: string): string => text.normalize('NFC').trim().toLowerCase();
