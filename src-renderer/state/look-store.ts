// What is chosen of the pictures of a recording that is looked at before anything is made of it.

import { create } from 'zustand';

export interface Look {
  /** The recording that this belongs to. */
  readonly identity: string;
  readonly align: string | undefined;
  readonly windowMs: readonly [number, number];
  readonly group: string | undefined;
  readonly sort: string | undefined;
  readonly smoothMs: number;
}

export const WINDOW_MS = [-1000, 1000] as const;
export const SMOOTH_MS = 30;

export const useLook = create<Look>()(() => ({
  identity: '',
  align: undefined,
  windowMs: WINDOW_MS,
  group: undefined,
  sort: undefined,
  smoothMs: SMOOTH_MS,
}));
