// Takes in a carried file, piece by piece as it is read, through the same door as what a line brings. Station and
// province both do it so; cryptography, trust and storage are theirs.
import type { CarryHeader, CarryProblem, CarryReader } from './carry-file.ts';
import type { FrameMaker } from './drive.ts';
import type { ChangeStore, Head } from './port.ts';

export interface CarriedIn {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** False: the file ends too early, or `problem` says why it was not read on. What was proven has been taken in. */
  readonly complete: boolean;
  /** update_needed: its frames are of a protocol not spoken here. */
  readonly problem: CarryProblem | 'update_needed' | null;
  /** Null: not even that much was there. */
  readonly header: CarryHeader | null;
}

export interface CarryInParts {
  readonly reader: CarryReader;
  /** The file in pieces of any size, each given up to us. */
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly changes: Pick<ChangeStore, 'take' | 'stored'>;
  /** New for each file. */
  readonly frames: FrameMaker;
  readonly protocol: number;
  /** What the writer says it holds. */
  holdings(heads: readonly Head[], header: CarryHeader): Promise<unknown>;
  /** Lets others have their turn. */
  breathe(): Promise<void>;
}

/** Throws what the storage throws; what was taken before stays. */
export async function carryIn(parts: CarryInParts): Promise<CarriedIn> {
  const { reader, changes, frames } = parts;
  const sum = { accepted: 0, duplicates: 0, refused: 0 };
  let header: CarryHeader | null = null;
  const ended = (problem: CarriedIn['problem']): CarriedIn => ({
    ...sum,
    complete: problem === null && reader.complete(),
    problem,
    header,
  });
  for await (const piece of parts.pieces) {
    for (const part of reader.push(piece)) {
      if (part.type === 'header') {
        header = part.header;
        if (header.protocol > parts.protocol) return ended('update_needed');
      } else if (header && part.type === 'holdings') await parts.holdings(part.heads, header);
      else if (header && part.type === 'frame') {
        const read = await frames.unpack(part.frame, (feed, seq) => changes.stored(feed, seq));
        if (!read) return ended('damaged');
        const taken = await changes.take(read.runs, header.from);
        sum.accepted += taken.accepted;
        sum.duplicates += taken.duplicates;
        sum.refused += taken.refused.length;
        await parts.breathe();
      }
    }
    const problem = reader.problem();
    if (problem) return ended(problem);
  }
  // not even a whole header: nothing says that it was ever a file of ours
  return ended(header ? null : 'damaged');
}
