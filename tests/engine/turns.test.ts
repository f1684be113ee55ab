import { describe, expect, test } from 'vitest';
import { jobMemory, loadKernels } from '../../src-worker/engine/kernels.ts';
import { compileKernels } from '../../src-worker/engine/compile.ts';
import { Lead } from '../../src-worker/engine/crew.ts';
import { Arena } from '../../src-worker/engine/memory.ts';
import { planTurns, Turns } from '../../src-worker/engine/turns.ts';
import { randoms } from './desk.ts';

const LENGTH = 24;

/** Turns of some threads at so many gradients; one is formed by a thread and finished later. */
function turnsOf(threads: number, count: number) {
  const arena = new Arena();
  const plan = planTurns(arena, threads, LENGTH);
  const memory = jobMemory(arena.size);
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const kernels = loadKernels(compileKernels().module, memory);
  const begin = () => new Turns(kernels, buffer, plan, 0).begin();
  begin();
  const values = Array.from({ length: count }, (_, index) => randoms(index + 1, LENGTH).map((value) => value * 10 ** (index % 5)));
  const form = (index: number, thread: number): (() => void) => {
    const turns = new Turns(kernels, buffer, plan, thread);
    new Float32Array(buffer, turns.take(index), LENGTH).set(values[index]!);
    return () => turns.finish(index);
  };
  const sum = (): readonly number[] => Array.from(new Float32Array(buffer, plan.sum, LENGTH));
  const inOrder = (upTo: number): readonly number[] =>
    Array.from(values.slice(1, upTo).reduce((total, value) => total.map((x, i) => Math.fround(x + value[i]!)), values[0]!));
  return { plan, buffer, begin, form, sum, inOrder };
}

describe('gradients that are added in turn', () => {
  test('have the bits of a sum in their order, in whatever order they are finished', () => {
    const { form, sum, inOrder, plan } = turnsOf(3, 9);
    expect(plan.spare.length).toBe(6);
    const [zero, one, two] = [form(0, 0), form(1, 1), form(2, 2)];
    two();
    const three = form(3, 2);
    three();
    one();
    const four = form(4, 1);
    zero();
    expect(sum()).toEqual(inOrder(4));
    const [five, six] = [form(5, 0), form(6, 2)];
    six();
    const seven = form(7, 2);
    five();
    expect(sum()).toEqual(inOrder(4));
    seven();
    four();
    expect(sum()).toEqual(inOrder(8));
    form(8, 2)();
    expect(sum()).toEqual(inOrder(9));
  });

  test('stay where they are formed, though an earlier room becomes free meanwhile', () => {
    const { form, sum, inOrder } = turnsOf(2, 4);
    const [zero, one] = [form(0, 0), form(1, 1)];
    one();
    const two = form(2, 1);
    zero();
    two();
    form(3, 1)();
    expect(sum()).toEqual(inOrder(4));
  });

  test('need one room beside the sum where one thread forms them', () => {
    const { form, sum, inOrder, plan } = turnsOf(1, 7);
    expect(plan.spare.length).toBe(1);
    for (let index = 0; index < 7; index++) {
      form(index, 0)();
      expect(sum()).toEqual(inOrder(index + 1));
    }
  });

  test('begin anew with every pass', () => {
    const { begin, form, sum, inOrder } = turnsOf(2, 3);
    for (let pass = 0; pass < 3; pass++) {
      begin();
      for (const finish of [form(0, 0), form(1, 1)].reverse()) finish();
      form(2, 1)();
      expect(sum()).toEqual(inOrder(3));
    }
  });

  test('are not waited for once a thread has failed', () => {
    const { form, buffer } = turnsOf(2, 4);
    form(0, 0);
    form(1, 1)();
    form(2, 1)();
    const fail = () => {
      throw new Error('out of room');
    };
    expect(() => new Lead(buffer, 0).run(1, fail)).toThrow('out of room');
    expect(() => form(3, 1)).toThrow('Another compute thread failed');
  });
});
