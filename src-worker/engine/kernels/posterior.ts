// Posteriors and their divergence from the priors (methods.md 1.2), all [mean | log variance] side by side, each `half` floats.
// Divergences are in nats; lanes beyond the true width are cut out.

import { exp, lanes, log, madd, splat, sum } from './maths';

/** Divergence of the initial condition's posterior, variance e^v + floor, from N(priorMean, priorVariance). Adds each dimension's to `each`. */
export function initialDivergence(
  M: i32, size: i32, half: i32, Q: usize, ldq: i32, priorMean: usize, priorVariance: f32, floor: f32, each: usize,
): f64 {
  let total: f64 = 0;
  const precision: v128 = splat(1 / priorVariance);
  const logPrior: v128 = log(splat(priorVariance));
  for (let i: i32 = 0; i < M; i++) {
    let row: v128 = splat(0);
    for (let j: i32 = 0; j < size; j += 4) {
      const at: usize = <usize>j << 2;
      const s: v128 = f32x4.add(exp(v128.load(Q + at + (<usize>half << 2))), splat(floor));
      const d: v128 = f32x4.sub(v128.load(Q + at), v128.load(priorMean + at));
      let kl: v128 = madd(f32x4.add(s, f32x4.mul(d, d)), precision, f32x4.sub(f32x4.sub(logPrior, log(s)), splat(1)));
      kl = v128.and(f32x4.mul(kl, splat(0.5)), lanes(size - j));
      v128.store(each + at, f32x4.add(v128.load(each + at), kl));
      row = f32x4.add(row, kl);
    }
    total += <f64>sum(row);
    Q += <usize>ldq << 2;
  }
  return total;
}

/** z = mean + √(e^v + floor) · noise, with noise already in z; 0 in padding. */
export function initialSample(M: i32, size: i32, half: i32, Q: usize, ldq: i32, floor: f32, z: usize, ldz: i32): void {
  for (let i: i32 = 0; i < M; i++) {
    for (let j: i32 = 0; j < size; j += 4) {
      const at: usize = <usize>j << 2;
      const deviation: v128 = f32x4.sqrt(f32x4.add(exp(v128.load(Q + at + (<usize>half << 2))), splat(floor)));
      v128.store(z + at, v128.and(madd(deviation, v128.load(z + at), v128.load(Q + at)), lanes(size - j)));
    }
    Q += <usize>ldq << 2;
    z += <usize>ldz << 2;
  }
}

/** Q ← gradients of mean and log variance, from dz and `weight` times the divergence; adds the prior mean's to dPriorMean. */
export function initialBack(
  M: i32, size: i32, half: i32, Q: usize, ldq: i32, z: usize, dz: usize, ldz: i32, priorMean: usize, priorVariance: f32, floor: f32,
  weight: f32, dPriorMean: usize,
): void {
  const precision: v128 = splat(1 / priorVariance);
  const factor: v128 = splat(weight);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: i32 = 0; j < size; j += 4) {
      const at: usize = <usize>j << 2;
      const logAt: usize = at + (<usize>half << 2);
      const real: v128 = lanes(size - j);
      const mean: v128 = v128.load(Q + at);
      const variance: v128 = exp(v128.load(Q + logAt));
      const s: v128 = f32x4.add(variance, splat(floor));
      const fromSample: v128 = v128.load(dz + at);
      const pull: v128 = f32x4.mul(f32x4.mul(f32x4.sub(mean, v128.load(priorMean + at)), precision), factor);
      const reciprocal: v128 = f32x4.div(splat(1), s);
      let ds: v128 = f32x4.mul(f32x4.sub(precision, reciprocal), factor);
      ds = madd(f32x4.mul(fromSample, f32x4.sub(v128.load(z + at), mean)), reciprocal, ds);
      v128.store(Q + at, v128.and(f32x4.add(fromSample, pull), real));
      v128.store(Q + logAt, v128.and(f32x4.mul(f32x4.mul(splat(0.5), ds), variance), real));
      v128.store(dPriorMean + at, f32x4.sub(v128.load(dPriorMean + at), v128.and(pull, real)));
    }
    Q += <usize>ldq << 2;
    z += <usize>ldz << 2;
    dz += <usize>ldz << 2;
  }
}

/**
 * Divergence of inferred inputs, independent from bin to bin, from the first-order autoregressive prior, in closed form and summed over
 * T bins × M trials; α = 0 makes the prior independent too. `prior` holds α, 1/q, log q and 1 − α², each `half` floats. Writes
 * weight · gradients of [mean | log variance] to dQ and adds those of α and log q to dAlpha and dLogQ.
 */
export function inputsDivergence(
  T: i32, M: i32, inputs: i32, half: i32, Q: usize, ldq: i32, prior: usize, weight: f32, dQ: usize, dAlpha: usize, dLogQ: usize,
): f64 {
  let total: f64 = 0;
  const h: usize = <usize>half << 2;
  const row: usize = <usize>ldq << 2;
  const bin: usize = <usize>(M * ldq) << 2;
  const factor: v128 = splat(weight);
  const one: v128 = splat(1);
  const point5: v128 = splat(0.5);
  for (let t: i32 = 0; t < T; t++) {
    for (let i: i32 = 0; i < M; i++) {
      for (let j: i32 = 0; j < inputs; j += 4) {
        const at: usize = <usize>j << 2;
        const real: v128 = lanes(inputs - j);
        const alpha: v128 = v128.load(prior + at);
        const precision: v128 = v128.load(prior + h + at);
        const logQ: v128 = v128.load(prior + h + h + at);
        const rest: v128 = v128.load(prior + h + h + h + at);
        const mean: v128 = v128.load(Q + at);
        const logVariance: v128 = v128.load(Q + h + at);
        const s: v128 = exp(logVariance);
        let gradient: v128, ratio: v128, own: v128, logPrior: v128, dA: v128;
        if (t == 0) {
          // The first bin is stationary: variance q / (1 − α²).
          own = f32x4.mul(rest, precision);
          gradient = f32x4.mul(mean, own);
          ratio = madd(mean, gradient, f32x4.mul(s, own));
          logPrior = f32x4.sub(logQ, log(rest));
          dA = f32x4.div(f32x4.mul(alpha, f32x4.sub(one, ratio)), rest);
        } else {
          const before: v128 = v128.load(Q - bin + at);
          const spread: v128 = exp(v128.load(Q - bin + h + at));
          const step: v128 = f32x4.sub(mean, f32x4.mul(alpha, before));
          own = precision;
          gradient = f32x4.mul(step, precision);
          const carried: v128 = f32x4.mul(alpha, spread);
          ratio = madd(step, gradient, f32x4.mul(madd(alpha, carried, s), precision));
          logPrior = logQ;
          dA = f32x4.sub(f32x4.mul(carried, precision), f32x4.mul(gradient, before));
        }
        let curvature: v128 = f32x4.mul(s, own);
        if (t < T - 1) {
          const next: v128 = f32x4.sub(v128.load(Q + bin + at), f32x4.mul(alpha, mean));
          const reach: v128 = f32x4.mul(alpha, precision);
          gradient = f32x4.sub(gradient, f32x4.mul(reach, next));
          curvature = madd(f32x4.mul(alpha, reach), s, curvature);
        }
        const kl: v128 = f32x4.sub(f32x4.add(f32x4.sub(logPrior, logVariance), ratio), one);
        total += <f64>sum(v128.and(f32x4.mul(point5, kl), real));
        const dLogS: v128 = f32x4.mul(point5, f32x4.sub(curvature, one));
        const dLog: v128 = f32x4.mul(point5, f32x4.sub(one, ratio));
        v128.store(dQ + at, v128.and(f32x4.mul(gradient, factor), real));
        v128.store(dQ + h + at, v128.and(f32x4.mul(dLogS, factor), real));
        v128.store(dAlpha + at, f32x4.add(v128.load(dAlpha + at), v128.and(f32x4.mul(dA, factor), real)));
        v128.store(dLogQ + at, f32x4.add(v128.load(dLogQ + at), v128.and(f32x4.mul(dLog, factor), real)));
      }
      Q += row;
      dQ += row;
    }
  }
  return total;
}

/** Finishes dQ of one bin with du of the sample: adds to the mean du, to the log variance du · (u − mean) / 2. */
export function inputsBack(
  M: i32, inputs: i32, half: i32, du: usize, ldu: i32, Q: usize, ldq: i32, u: usize, ldi: i32, dQ: usize,
): void {
  const h: usize = <usize>half << 2;
  for (let i: i32 = 0; i < M; i++) {
    for (let j: i32 = 0; j < inputs; j += 4) {
      const at: usize = <usize>j << 2;
      const real: v128 = lanes(inputs - j);
      const d: v128 = v128.and(v128.load(du + at), real);
      const error: v128 = v128.and(f32x4.sub(v128.load(u + at), v128.load(Q + at)), real);
      v128.store(dQ + at, f32x4.add(v128.load(dQ + at), d));
      v128.store(dQ + h + at, madd(f32x4.mul(d, splat(0.5)), error, v128.load(dQ + h + at)));
    }
    du += <usize>ldu << 2;
    Q += <usize>ldq << 2;
    dQ += <usize>ldq << 2;
    u += <usize>ldi << 2;
  }
}
