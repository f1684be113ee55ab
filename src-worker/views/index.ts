// Every view, in menu order. Adding one is its file and its line here.

import { trajectories } from './trajectories.ts';

export const views = [trajectories] as const;
