// Sizes of networks, which are set alike.

/** How many units or dimensions of something. */
export const size = <Tier extends 'common' | 'occasional'>(label: string, help: string, tier: Tier) =>
  ({ kind: 'number', label, help, tier, integer: true, min: 1, max: 2048, group: 'Sizes' }) as const;
