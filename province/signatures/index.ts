// Signatures on papers: looked at once more here, by another implementation than the stations'.
export { followPapers, type PapersFollowing } from './follow.ts';
export { type Openssl, openOpenssl } from './openssl.ts';
