// Short names for the shapes the chart's parts hand each other.
import type { Output } from '../../../shared/api/index.ts';

export type ChartHead = Output<'patients.chartHead'>;
export type ChartStay = NonNullable<ChartHead['admission']>;
export type Entry = Output<'notes.list'>[number];
export type EntryContent = Entry['content'];
