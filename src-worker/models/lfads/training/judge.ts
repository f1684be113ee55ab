// Likelihood of counts under posterior means, gathered batch by batch: what chooses a checkpoint, and the curves' bits per spike.

import { logFactorial } from '../op-by-op/log-factorial.ts';

const LEAST_RATE = 1e-9;

/** Sums over elements that were judged, by unit. */
export class Judge {
  readonly #n: Float64Array;
  readonly #sums: Float64Array;
  /** Poisson: Σ k log λ − λ. Gaussian: Σ squared errors. */
  readonly #fits: Float64Array;
  #logFactorials = 0;
  readonly #gaussian: boolean;

  constructor(units: number, gaussian: boolean) {
    this.#n = new Float64Array(units);
    this.#sums = new Float64Array(units);
    this.#fits = new Float64Array(units);
    this.#gaussian = gaussian;
  }

  take(unit: number, count: number, rate: number): void {
    this.#n[unit]! += 1;
    this.#sums[unit]! += count;
    if (this.#gaussian) this.#fits[unit]! += (count - rate) ** 2;
    else {
      this.#fits[unit]! += count * Math.log(Math.max(LEAST_RATE, rate)) - rate;
      this.#logFactorials += logFactorial(count);
    }
  }

  /** Mean negative log-likelihood of an element in nats, undefined where there was none; a Gaussian unit has its own mean squared error as variance. */
  nll(): number | undefined {
    let [n, total] = [0, this.#logFactorials];
    for (const [u, count] of this.#n.entries()) {
      n += count;
      if (!this.#gaussian) total -= this.#fits[u]!;
      else if (count > 0) total += (count / 2) * (Math.log(2 * Math.PI * Math.max(1e-12, this.#fits[u]! / count)) + 1);
    }
    return n > 0 ? total / n : undefined;
  }

  /** Bits per spike above each unit's own mean, pooled over units `from` up to `to`; undefined without spikes. */
  bitsPerSpike(from: number, to: number): number | undefined {
    if (this.#gaussian) return undefined;
    let [gain, spikes] = [0, 0];
    for (let u = from; u < to; u++) {
      if (this.#sums[u] === 0) {
        gain += this.#fits[u]!;
        continue;
      }
      const mean = this.#sums[u]! / this.#n[u]!;
      gain += this.#fits[u]! - this.#sums[u]! * (Math.log(mean) - 1);
      spikes += this.#sums[u]!;
    }
    return spikes > 0 ? gain / spikes / Math.LN2 : undefined;
  }
}
