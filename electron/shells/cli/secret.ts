// Asks for a secret without showing it; where nobody can type, reads it from TRAM_PASSWORD_FILE or standard input.
// Never from an argument: those are visible to everyone in `ps` and stay in the shell's history.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface SecretSource {
  /** Null when there is nobody to ask and nothing to read. */
  secret(question: string): Promise<string | null>;
  /** Something that may be seen while typed. */
  line(question: string): Promise<string | null>;
}

export function secretSource(env: NodeJS.ProcessEnv = process.env): SecretSource {
  const file = env.TRAM_PASSWORD_FILE;
  if (file) return fixed(() => readFileSync(file, 'utf8'));
  if (process.stdin.isTTY)
    return { secret: (question) => ask(question, true), line: (question) => ask(question, false) };
  return fixed(() => readFileSync(0, 'utf8'));
}

/**
 * One secret per line, given in the order they are asked for. Read when the first is: a command that needs none must not
 * wait for an input that nobody closes.
 */
function fixed(read: () => string): SecretSource {
  let lines: string[] | null = null;
  const next = async (): Promise<string | null> => {
    lines ??= read()
      .split(/\r?\n/)
      .filter((line) => line !== '');
    return lines.shift() ?? null;
  };
  return { secret: next, line: next };
}

async function ask(question: string, hidden: boolean): Promise<string> {
  let muted = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const answer = terminal.question(question);
  muted = hidden;
  try {
    return await answer;
  } finally {
    terminal.close();
    if (hidden) process.stderr.write('\n');
  }
}
