export { syncSaysEn as syncSays } from '../../../shared/text/sync-says-en.ts';
