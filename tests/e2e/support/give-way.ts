// Walks over many places have time; a story beside them types at the pace of a hand and of a scanner. So who imports
// this leaves the PC to the story, and the browser and the program started from here do so too.
import { setPriority } from 'node:os';

// not in the runner, which reads the files as well and starts the stories
if (process.env.TEST_WORKER_INDEX !== undefined) setPriority(10);
