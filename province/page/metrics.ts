// What a monitoring system reads, in Prometheus' text format 0.0.4. Numbers of centers and counts only: nothing here
// tells of a patient, and names of centers stay out because labels live on in other people's databases.
import { memoryUsage } from 'node:process';
import type { CenterFacts, HistogramFacts, ProcessFacts } from '../types.ts';

/** Upper ends in seconds. A save over a good line is about 0.02, a backlog of 500 about 0.15. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Histogram {
  /** Of one more. */
  saw(seconds: number): void;
  read(): HistogramFacts;
}

export function histogram(): Histogram {
  const counts = buckets.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    saw(seconds) {
      count++;
      sum += seconds;
      for (const [i, end] of buckets.entries()) if (seconds <= end) counts[i] = (counts[i] ?? 0) + 1;
    },
    read: () => ({ upTo: buckets.map((end, i) => [end, counts[i] ?? 0] as const), count, sum }),
  };
}

type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number];

export function metricsText(process: ProcessFacts, centers: readonly CenterFacts[], version: string): string {
  const perCenter = (value: (center: CenterFacts) => number | null): Sample[] =>
    centers.flatMap((center) => {
      const one = value(center);
      return one === null ? [] : [[{ center: center.center }, one] as const];
    });
  const memory = memoryUsage();
  return [
    metric('tram_info', 'gauge', 'Program version', [[{ version }, 1]]),
    metric('tram_connections', 'gauge', 'Open connections of stations', one(process.connections)),
    metric('tram_sessions', 'gauge', 'Running sessions', one(process.sessions)),
    metric(
      'tram_turned_away_total',
      'counter',
      'Connections told to come back later',
      one(process.turnedAway),
    ),
    metric('tram_changes_accepted_total', 'counter', 'Changes taken in', one(process.accepted)),
    metric('tram_changes_duplicate_total', 'counter', 'Changes already held', one(process.duplicates)),
    metric('tram_changes_refused_total', 'counter', 'Changes that did not join', one(process.refused)),
    metric(
      'tram_center_changes',
      'gauge',
      "Changes in a center's log",
      perCenter((c) => c.changes),
    ),
    metric(
      'tram_center_stations',
      'gauge',
      'Trusted stations',
      perCenter((c) => c.stations),
    ),
    metric(
      'tram_center_backlog',
      'gauge',
      'Changes the stations said they had not sent yet',
      perCenter((c) => c.backlog),
    ),
    metric(
      'tram_center_last_contact_timestamp_seconds',
      'gauge',
      'Last contact with any station',
      perCenter((c) => (c.lastContactAt === null ? null : c.lastContactAt / 1000)),
    ),
    metric(
      'tram_center_last_change_timestamp_seconds',
      'gauge',
      'Last change taken in',
      perCenter((c) => (c.lastChangeAt === null ? null : c.lastChangeAt / 1000)),
    ),
    metric(
      'tram_center_quarantined',
      'gauge',
      'Changes set aside',
      perCenter((c) => c.quarantined),
    ),
    metric(
      'tram_center_sealed',
      'gauge',
      'Changes of revoked stations, not passed on',
      perCenter((c) => c.sealed),
    ),
    metric(
      'tram_center_clock_errors',
      'gauge',
      'Changes stamped ahead of the clock',
      perCenter((c) => c.clockErrors),
    ),
    metric(
      'tram_center_states_differ',
      'gauge',
      'Equal changes, other tables',
      perCenter((c) => Number(c.statesDiffer)),
    ),
    metric(
      'tram_center_contradicted',
      'gauge',
      'Stations in whose name something stands that they did not sign',
      perCenter((c) => c.contradicted),
    ),
    metric(
      'tram_center_unsigned',
      'gauge',
      'Stations with work not signed for long',
      perCenter((c) => c.unsigned),
    ),
    take(process.takeSeconds),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory', one(memory.rss)),
    metric('process_heap_bytes', 'gauge', 'Heap in use', one(memory.heapUsed)),
    metric('process_start_time_seconds', 'gauge', 'Start', one(process.startedAt / 1000)),
  ].join('');
}

const one = (value: number): Sample[] => [[{}, value]];

function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => line(name, sample)).join('')}`;
}

function take({ upTo, count, sum }: HistogramFacts): string {
  const name = 'tram_take_seconds';
  return [
    `# HELP ${name} Checking and committing what a station sent\n# TYPE ${name} histogram\n`,
    ...upTo.map(([end, n]) => line(`${name}_bucket`, [{ le: end }, n])),
    line(`${name}_bucket`, [{ le: '+Inf' }, count]),
    line(`${name}_sum`, [{}, sum]),
    line(`${name}_count`, [{}, count]),
  ].join('');
}

function line(name: string, [labels, value]: Sample): string {
  const inside = Object.entries(labels).map(([label, text]) => `${label}="${escaped(String(text))}"`);
  return `${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
