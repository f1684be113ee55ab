import { describe, expect, test } from 'vitest';
import { jobMemory, loadKernels } from '../../src-worker/engine/kernels.ts';
import { compileKernels } from '../../src-worker/engine/compile.ts';
import { Lead } from '../../src-worker/engine/crew.ts';
import { Arena } from '../../src-worker/engine/memory.ts';
import { planTurns, Turns } from '../../src-worker/engine/turns.ts';
import { randoms } from './desk.ts';

const LENGTH = 24;

/** Turns of so many gradients over some threads, and a gradient's values by number. */
function turnsOf(threads: number, count: number) {
  const arena = new Arena();
  const plan = planTurns(arena, threads, count, LENGTH);
  const memory = jobMemory(arena.size);
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const turns = new Turns(loadKernels(compileKernels().module, memory), buffer, plan);
  turns.begin();
  const values = Array.from({ length: count }, (_, index) => randoms(index + 1, LENGTH).map((value) => value * 10 ** (index % 5)));
  const form = (index: number): void => new Float32Array(buffer, turns.take(index), LENGTH).set(values[index]!);
  const sum = (): readonly number[] => Array.from(new Float32Array(buffer, plan.sum, LENGTH));
  const inOrder = (upTo: number): readonly number[] =>
    Array.from(values.slice(1, upTo).reduce((total, value) => total.map((x, i) => Math.fround(x + value[i]!)), values[0]!));
  return { plan, buffer, turns, form, sum, inOrder };
}

describe('gradients that are added in turn', () => {
  test('have the bits of a sum in their order, in whatever order they are finished', () => {
    const { turns, form, sum, inOrder, plan } = turnsOf(3, 9);
    expect(plan.spare.length).toBe(5);
    for (const index of [0, 1, 2, 3, 4, 5]) form(index);
    for (const index of [4, 2, 5, 1]) turns.finish(index);
    turns.finish(0);
    expect(sum()).toEqual(inOrder(3));
    form(6);
    form(7);
    turns.finish(7);
    turns.finish(3);
    expect(sum()).toEqual(inOrder(6));
    form(8);
    turns.finish(8);
    turns.finish(6);
    expect(sum()).toEqual(inOrder(9));
  });

  test('need one room beside the sum where one thread forms them, and none where there is one', () => {
    const { turns, form, sum, inOrder, plan } = turnsOf(1, 7);
    expect(plan.spare.length).toBe(1);
    for (let index = 0; index < 7; index++) {
      form(index);
      turns.finish(index);
      expect(sum()).toEqual(inOrder(index + 1));
    }
    const alone = turnsOf(4, 1);
    expect(alone.plan.spare.length).toBe(0);
    alone.form(0);
    alone.turns.finish(0);
    expect(alone.sum()).toEqual(alone.inOrder(1));
  });

  test('begin anew with every pass', () => {
    const { turns, form, sum, inOrder } = turnsOf(2, 3);
    for (let pass = 0; pass < 3; pass++) {
      turns.begin();
      for (let index = 0; index < 3; index++) form(index);
      for (const index of [2, 1, 0]) turns.finish(index);
      expect(sum()).toEqual(inOrder(3));
    }
  });

  test('are not waited for once a thread has failed', () => {
    const { turns, form, buffer } = turnsOf(1, 4);
    form(0);
    form(1);
    const fail = () => {
      throw new Error('out of room');
    };
    expect(() => new Lead(buffer, 0).run(1, fail)).toThrow('out of room');
    expect(() => turns.take(2)).toThrow('Another compute thread failed');
  });
});
