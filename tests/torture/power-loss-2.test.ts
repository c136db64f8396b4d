// Another of the wards whose PC is switched off in the middle of work: power-loss.ts tells what must be left.
import { losePower } from './power-loss.ts';

losePower(1);
