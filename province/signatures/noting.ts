// What is written down of a center's log while it is read: what is to be looked at, and what the log says of who may sign.
import { bytesOf, sha256 } from '../bytes.ts';
import type { Sql } from '../database/types.ts';
import type { Paper } from './reading.ts';

interface Read {
  readonly logNo: number;
  readonly paper: Paper;
}

/** Reading the same twice changes nothing. */
export async function note(tx: Sql, center: number, papers: readonly Read[]): Promise<void> {
  for (const { logNo, paper } of papers) await noteOne(tx, center, logNo, paper);
  const known = new Set(papers.flatMap(({ paper }) => aboutWhom(paper)));
  // the facility's certificate is claimed by one and used by others
  const anybody = papers.some(({ paper }) => paper.what === 'claimed' && paper.author !== paper.owner);
  if (known.size > 0)
    await tx.query(
      `update paper_signature set state = 'waiting', tries = 0
       where center = $1 and ($3 or author = any ($2::text[]))
         and ((state = 'unproven' and reason in ('unclaimed', 'contested', 'account'))
           or (state = 'rejected' and reason in ('other_person', 'not_entitled')))`,
      [center, [...known], anybody],
    );
  const certificates = papers.flatMap(({ paper }) =>
    paper.what === 'claimed' || paper.what === 'settled' ? [paper.certificate] : [],
  );
  if (certificates.length > 0) await lookAgainAtClaimants(tx, center, certificates);
}

/** What one says of a certificate counts for and against the others who claim it, or the number in it: what was good too. */
async function lookAgainAtClaimants(tx: Sql, center: number, certificates: readonly string[]): Promise<void> {
  await tx.query(
    `with said as (
       select distinct certificate, person_number from paper_claim
       where center = $1 and certificate in (select decode(one, 'hex') from unnest($2::text[]) one)
     ), disputed as (
       select s.certificate, p.owner from said s
       join paper_claim p on p.center = $1 and (p.certificate = s.certificate or p.person_number = s.person_number)
     )
     update paper_signature set state = 'waiting', tries = 0
     where center = $1
       and author in (select owner from disputed where certificate in (
         select certificate from disputed group by certificate having count(distinct owner) > 1))
       and (state = 'good' or (state = 'unproven' and reason in ('unclaimed', 'contested', 'account'))
         or (state = 'rejected' and reason in ('other_person', 'not_entitled')))`,
    [center, [...new Set(certificates)]],
  );
}

/** Accounts whose signatures may be judged otherwise now. */
function aboutWhom(paper: Paper): string[] {
  if (paper.what === 'account' || paper.what === 'asked') return [paper.account];
  return paper.what === 'settled' || paper.what === 'claimed' ? [paper.owner] : [];
}

async function noteOne(tx: Sql, center: number, logNo: number, paper: Paper): Promise<void> {
  switch (paper.what) {
    case 'confirmed':
      await tx.query(
        'insert into paper_evidence (center, digest, log_no) values ($1, $2, $3) on conflict do nothing',
        [center, sha256(paper.evidence), logNo],
      );
      return;
    case 'signed':
      await tx.query(
        `insert into paper_signature (center, log_no, digest, author) values ($1, $2, $3, $4)
         on conflict (center, log_no) do update set author = excluded.author`,
        [center, logNo, bytesOf(paper.digest), paper.author],
      );
      await tx.query(
        'insert into paper_container (center, container, log_no) values ($1, $2, $3) on conflict do nothing',
        [center, sha256(paper.container), logNo],
      );
      return;
    case 'proven':
      await tx.query(
        'insert into paper_signature (center, log_no, digest) values ($1, $2, $3) on conflict do nothing',
        [center, logNo, bytesOf(paper.container)],
      );
      return;
    case 'claimed':
      await tx.query(
        `insert into paper_claim (center, log_no, owner, certificate, person_number) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [center, logNo, paper.owner, bytesOf(paper.certificate), paper.personNumber],
      );
      return;
    case 'settled':
      if (paper.author !== null)
        await tx.query(
          `insert into paper_confirmed (center, certificate, owner, author) values ($1, $2, $3, $4)
           on conflict do nothing`,
          [center, bytesOf(paper.certificate), paper.owner, paper.author],
        );
      return;
    case 'asked':
      await tx.query(
        'insert into paper_asked (center, content, step, account) values ($1, $2, $3, $4) on conflict do nothing',
        [center, bytesOf(paper.content), paper.step, paper.account],
      );
      return;
    case 'account':
      for (const [what, values] of [
        ['name', paper.names],
        ['role', paper.roles],
      ] as const)
        for (const value of values)
          await tx.query(
            'insert into paper_account (center, account, what, value) values ($1, $2, $3, $4) on conflict do nothing',
            [center, paper.account, what, value],
          );
      return;
    case 'frozen':
    case 'photo':
      return;
  }
}
