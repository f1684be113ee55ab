// Light or dark: as last chosen here, else as the system has it.

import { set, type Theme } from './store.ts';

const KEY = 'orrery.theme';

export function recallTheme(): void {
  const kept = localStorage.getItem(KEY);
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  set({ theme: kept === 'light' || kept === 'dark' ? kept : system });
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  set({ theme });
}
