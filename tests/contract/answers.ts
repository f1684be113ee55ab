// The far side of the contract test.

import { Failure } from '../../src-worker/contract/failure.ts';
import { type Channel, serve } from '../../src-worker/contract/rpc.ts';

export interface Heard {
  heard(what: string, values: Float64Array): void;
}

export class Answers {
  listener: Heard | undefined;

  async echo(value: unknown): Promise<unknown> {
    return value;
  }

  async tell(what: string, values: Float64Array): Promise<void> {
    this.listener?.heard(what, values);
  }

  async fail(): Promise<void> {
    throw new Failure('no-trials', 'No trials in a.nwb.', 'Choose another table.');
  }

  async bug(): Promise<void> {
    const broken: { f?: () => void } = {};
    broken.f!();
  }

  never(): Promise<void> {
    return new Promise(() => {});
  }
}

export function answer(channel: Channel): void {
  const answers = new Answers();
  answers.listener = serve<Answers, Heard>(channel, answers);
}
