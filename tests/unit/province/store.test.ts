// The province's log without any set-up: PGlite.

import { storeSpec } from './store-spec.ts';
import { openTestDatabase } from './support.ts';

storeSpec('PGlite', () => openTestDatabase());
