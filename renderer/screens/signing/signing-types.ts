// Short names for the shapes the signing screens hand each other.
import type { Output } from '../../../shared/api/index.ts';

export type QueueItem = Output<'signing.queue'>['mine'][number];
export type Token = Output<'signing.tokens'>['tokens'][number];
export type Certificate = Token['certificates'][number];
export type Verdict = Output<'signing.verify'>['verdict'];
export type SignatureState = Verdict['state'];
