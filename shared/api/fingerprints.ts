// Taking fingerprints, telling and finding people by them, confirming papers with them. A picture or a template never
// comes to the page: a capture has an id, and what was captured stays with the core until it is used or forgotten.
import * as z from 'zod';
import { checkOccasions, consentWays, fallbacks, purposes, unableReasons } from '../codes/fingerprints.ts';
import { Finger } from '../model/fingerprints.ts';
import { command, query } from './contract.ts';
import type { ErrorCode } from './errors.ts';
import { AdmissionId, Instant, PatientId, RelativeId, required, text } from './ids.ts';

const id = () => z.guid().transform((s) => s.toLowerCase());
export const PersonId = id().brand<'PersonId'>();
export const CaptureId = id().brand<'CaptureId'>();
export const SearchId = id().brand<'SearchId'>();

export const Reader = z.object({
  id: z.string(),
  kind: z.enum(['serial', 'usb', 'vendor', 'simulated']),
  model: z.string(),
  place: z.string(),
  /** The one this PC uses. */
  chosen: z.boolean(),
});

const Word32 = z.number().int().min(0).max(0xff_ff_ff_ff);
export const SerialPort = z.object({
  /** `COM3`, `/dev/ttyUSB0`. */
  path: required(120),
  /** Tried first; null: the usual ones. */
  baud: z.number().int().min(9600).max(921_600).nullable(),
  /** Of the module, FFFFFFFF from the factory; null: as from the factory. */
  address: Word32.nullable(),
});

/** Whose fingers; a relative is one of the patient's, `admissionId` the stay they sign in. */
export const HolderInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('patient') }),
  z.object({
    kind: z.literal('relative'),
    relativeId: RelativeId,
    admissionId: AdmissionId.nullable().default(null),
  }),
]);

export const PersonPrints = z.object({
  /** Null before anybody consented. */
  personId: PersonId.nullable(),
  kind: z.enum(['patient', 'relative']),
  relativeId: z.string().nullable(),
  name: z.string(),
  /** Of a relative, code of shared/codes. */
  relation: z.string().nullable(),
  /** A relative no more: shown with what was taken, but answers for nobody. */
  ended: z.boolean(),
  consent: z.enum(['none', 'given', 'withdrawn']),
  purposes: z.array(z.enum(purposes)),
  consentAt: Instant.nullable(),
  consentBy: z.string().nullable(),
  fingers: z.array(
    z.object({
      finger: Finger,
      at: Instant,
      by: z.string(),
      station: z.string(),
      quality: z.number(),
      /** Taken by an older program: worth taking again. */
      old: z.boolean(),
      /** False while this PC has not got the person's key yet. */
      usable: z.boolean(),
    }),
  ),
  unable: z.array(
    z.object({
      finger: Finger.nullable(),
      reason: z.enum(unableReasons),
      note: z.string().nullable(),
      fallback: z.enum(fallbacks),
      witness: z.string().nullable(),
      at: Instant,
      by: z.string(),
    }),
  ),
  /** After consent was withdrawn: which PCs have dropped the key. */
  erasure: z
    .object({
      at: Instant,
      by: z.string(),
      stations: z.array(z.object({ name: z.string(), at: Instant.nullable() })),
    })
    .nullable(),
  lastCheck: z
    .object({ at: Instant, matched: z.boolean(), occasion: z.enum(checkOccasions), by: z.string() })
    .nullable(),
});

export const Candidate = z.object({
  personId: PersonId,
  patientId: PatientId,
  /** patient: the finger is the patient's · relative: of a relative of this patient. */
  kind: z.enum(['patient', 'relative']),
  /** Of the person whose finger it is. */
  name: z.string(),
  /** Of a relative: what they are to the patient, code of shared/codes; null for the patient. */
  relation: z.string().nullable(),
  patientName: z.string(),
  /** These three are the person's whose finger it is: of a relative none is kept, and the patient's would mislead. */
  birthDate: z.string().nullable(),
  sex: z.string().nullable(),
  address: z.string().nullable(),
  /** Of the patient, in whose record the finger is kept. */
  recordNumber: z.string().nullable(),
  /** How like it is; words on the screen, the number for the curious. */
  likeness: z.enum(['very', 'fairly', 'slightly']),
  score: z.number(),
  /** Other fingers that this PC has a key for, with which the clerk can make sure. */
  otherFingers: z.array(Finger),
});

export const fingerprints = {
  'fingerprint.readers': query('session', z.object({}), z.object({ readers: z.array(Reader) })),
  /** Serial modules nobody would find by looking, or whose password was changed. */
  'fingerprint.ports': query(
    'station.read',
    z.object({}),
    z.object({ ports: z.array(SerialPort.extend({ hasPassword: z.boolean() })) }),
  ),
  /** All of them; a password that is left out stays as it was. */
  'fingerprint.savePorts': command(
    'station.manage',
    z.object({ ports: z.array(SerialPort.extend({ password: Word32.nullable().optional() })).max(8) }),
    z.null(),
  ),
  'fingerprint.chooseReader': command('session', z.object({ readerId: z.string().max(200) }), z.null()),

  /**
   * Begins a capture with this PC's reader; what goes on comes as `capture` events to this page only. When `done` was
   * told, the capture can be used once, within two minutes, by the same person at the same page.
   */
  'fingerprint.capture': command(
    'session',
    z.object({
      /** Seconds to put the finger on. */
      waitSeconds: z.number().int().min(5).max(120).default(30),
      /** A search follows: what it needs is made ready while the finger is put on. */
      toFind: z.boolean().default(false),
    }),
    z.object({ captureId: CaptureId }),
  ),
  'fingerprint.stopCapture': command('session', z.object({ captureId: CaptureId }), z.null()),

  'fingerprint.ofPatient': query(
    'patient.read',
    z.object({ patientId: PatientId }),
    z.object({ people: z.array(PersonPrints) }),
  ),
  'fingerprint.consent': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      holder: HolderInput,
      purposes: z.array(z.enum(purposes)).min(1),
      way: z.enum(consentWays),
      by: z
        .object({ name: required(120), relation: required(60) })
        .nullable()
        .default(null),
      witness: text(120).nullable().default(null),
    }),
    z.object({ personId: PersonId }),
  ),
  /** Erases: irreversible, a reason is asked by the page. */
  'fingerprint.withdraw': command(
    'patient.write',
    z.object({ patientId: PatientId, personId: PersonId, reason: text(300).nullable() }),
    z.null(),
  ),
  /** Three captures of one finger, accepted when two agree. Codes: impressions_differ, template_too_weak, finger_enrolled. */
  'fingerprint.enrol': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      personId: PersonId,
      finger: Finger,
      captures: z.array(CaptureId).length(3),
      /** Takes the place of what was enrolled of this finger. */
      replace: z.boolean().default(false),
    }),
    z.object({ kept: z.number().int(), quality: z.number().int() }),
  ),
  'fingerprint.drop': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      personId: PersonId,
      finger: Finger,
      reason: text(300).nullable(),
    }),
    z.null(),
  ),
  'fingerprint.unable': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      holder: HolderInput,
      finger: Finger.nullable(),
      reason: z.enum(unableReasons),
      note: text(300).nullable(),
      fallback: z.enum(fallbacks),
      witness: text(120).nullable(),
    }),
    z.null(),
  ),

  /** 1:1: is this the person they are said to be? */
  'fingerprint.verify': command(
    'patient.read',
    z.object({
      patientId: PatientId,
      personId: PersonId,
      captureId: CaptureId,
      occasion: z.enum(checkOccasions),
      admissionId: AdmissionId.nullable().default(null),
    }),
    z.object({ matched: z.boolean(), finger: Finger }),
  ),
  /** 1:N: who might this be? Never opens or joins a record by itself. */
  'fingerprint.search': command(
    'patient.write',
    z.object({
      captureId: CaptureId,
      reason: z.enum(['unconscious', 'no_papers', 'been_here']),
      sex: z.string().max(2).nullable().default(null),
      bornFrom: z.number().int().nullable().default(null),
      bornTo: z.number().int().nullable().default(null),
    }),
    z.object({
      searchId: SearchId,
      /** Persons with prints this PC can read. */
      searched: z.number().int(),
      /** Persons who may be found, but of whom this PC lacks the key of a finger: the finger may be that one. */
      withoutKey: z.number().int(),
      /** Likely, but not certain: at this gallery size one finger alone is wrong this often, 0…1. */
      falseAlarm: z.number(),
      candidates: z.array(Candidate),
    }),
  ),
  /** The second finger of the candidate the clerk believes it is. Code second_finger_needed when it is the same finger. */
  'fingerprint.confirmFound': command(
    'patient.write',
    z.object({ searchId: SearchId, personId: PersonId, captureId: CaptureId }),
    z.object({ matched: z.boolean(), finger: Finger, patientId: PatientId.nullable() }),
  ),

  /** For administrators: what one finger and two can promise at this gallery's size. */
  'fingerprint.gallery': query(
    'station.read',
    z.object({}),
    z.object({
      people: z.number().int(),
      fingers: z.number().int(),
      /** Of them: this PC has no key yet · taken by an older program. */
      withoutKey: z.number().int(),
      old: z.number().int(),
      bytes: z.number().int(),
      /** At the threshold of 1:1: one wrong finger in so many passes. */
      oneIn: z.number().int(),
      falseAlarmOneFinger: z.number(),
      falseAlarmTwoFingers: z.number(),
    }),
  ),

  /**
   * A finger confirms a paper (TT 13/2025, Art. 3). `document`: the bytes shown, base64; as large as a call may be.
   * Larger papers are confirmed where they are kept, by the core's own rooms.
   */
  'fingerprint.confirm': command(
    'notes.write',
    z.object({
      patientId: PatientId,
      personId: PersonId,
      captureId: CaptureId,
      admissionId: AdmissionId.nullable().default(null),
      title: required(200),
      mediaType: required(80),
      document: z.base64().min(4).max(700_000),
      witness: text(120).nullable().default(null),
    }),
    z.object({
      matched: z.boolean(),
      evidenceId: z.string().nullable(),
      /** The package, canonical JSON; null when the finger was not the person's. */
      evidence: z.string().nullable(),
    }),
  ),

  /** Training mode: who puts which finger on the simulated reader. */
  'fingerprint.trainingPlace': command(
    'session',
    z.object({
      who: required(80),
      finger: Finger,
      print: z.enum(['good', 'dry', 'wet', 'edge', 'unplug']).default('good'),
    }),
    z.null(),
  ),
};

/** What goes on during a capture, told to the page that began it. */
export interface CaptureNews {
  readonly captureId: string;
  readonly step: 'place_finger' | 'reading' | 'judging' | 'lift_finger' | 'adjust' | 'done' | 'failed';
  /** reading: 0…1. */
  readonly done?: number;
  /** adjust: one of the hints of the fingerprint room. */
  readonly hint?: string;
  /** The ridge area as a small PNG, `data:` address; shown, never kept. */
  readonly picture?: string;
  /** done: 0…100. */
  readonly quality?: number;
  /** failed: why. */
  readonly code?: ErrorCode;
}
