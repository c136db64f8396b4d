// All stories of the training center, and what its people are allergic to.
import { hscc } from './hscc.ts';
import { ngoai } from './ngoai.ts';
import { nhi } from './nhi.ts';
import { nhiem } from './nhiem.ts';
import { noi } from './noi.ts';
import { san } from './san.ts';
import type { Story } from './story.ts';

export type { Curve, Story, StoryDay } from './story.ts';

export const stories: readonly Story[] = [...hscc, ...noi, ...nhi, ...ngoai, ...san, ...nhiem];

/** What people of the center are allergic to, with the share of those admitted; class codes as in shared/codes/allergy-classes. */
export const allergyStories: readonly {
  readonly substance: string;
  readonly reaction: string;
  readonly severity: 'mild' | 'moderate' | 'severe';
}[] = [
  { substance: 'Penicilin', reaction: 'Nổi mày đay toàn thân', severity: 'moderate' },
  { substance: 'Ceftriaxon', reaction: 'Phản vệ độ II', severity: 'severe' },
  { substance: 'Diclofenac', reaction: 'Phù mi mắt, khó thở', severity: 'severe' },
  { substance: 'Tôm, cua', reaction: 'Ngứa, nổi ban', severity: 'mild' },
  { substance: 'Cotrimoxazol', reaction: 'Ban đỏ, ngứa', severity: 'moderate' },
];
