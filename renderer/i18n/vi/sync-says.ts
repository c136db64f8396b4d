export { syncSaysVi as syncSays } from '../../../shared/text/sync-says-vi.ts';
