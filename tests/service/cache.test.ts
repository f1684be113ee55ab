import { expect, test } from 'vitest';
import { Cache } from '../../src-worker/service/cache.ts';

test('a cache makes a thing once, drops the least recently used, and forgets what failed', async () => {
  const dropped: string[] = [];
  const cache = new Cache<string>(2, (value) => dropped.push(value));
  let made = 0;
  const make = (value: string) => async () => {
    made++;
    return value;
  };
  expect(await cache.get('a', make('A'))).toBe('A');
  expect(await cache.get('a', make('other'))).toBe('A');
  expect(made).toBe(1);
  await cache.get('b', make('B'));
  await cache.get('a', make('A'));
  await cache.get('c', make('C'));
  await Promise.resolve();
  expect(dropped).toEqual(['B']);

  await expect(
    cache.get('d', async () => {
      throw new Error('unreadable');
    }),
  ).rejects.toThrow('unreadable');
  expect(await cache.get('d', make('D'))).toBe('D');
});
