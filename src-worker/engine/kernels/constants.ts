// Constants of the vector arithmetic, in memory. V8 builds a vector constant anew at each use, out of several instructions; a broadcast
// from memory is one. Every thread writes the same table when it loads the kernels.

/** First byte of the table: between the threads' words and the first planned address (memory.ts). */
const TABLE: usize = 2048;

/** Places in the table. */
const enum Place {
  ONE,
  HALF,
  TWO,
  TINY,
  EXP_HIGHEST,
  EXP_LOWEST,
  LOG2E,
  ROUNDING,
  LN2_HIGH,
  LN2_LOW,
  EXP_5,
  EXP_4,
  EXP_3,
  EXP_2,
  EXP_1,
  EXP_0,
  MIX_1,
  MIX_2,
  LN2,
  MINUS_LOG2E,
  GATE_HIGHEST,
  GATE_LOWEST,
  GATE_0,
  GATE_1,
  GATE_2,
  GATE_3,
  LANES = 32,
}

// @ts-ignore: decorator
@inline
function broadcast(place: i32): v128 {
  return v128.load_splat<f32>(TABLE + (<usize>place << 2));
}

// @ts-ignore: decorator
@inline
export function ONE(): v128 {
  return broadcast(Place.ONE);
}

// @ts-ignore: decorator
@inline
export function HALF(): v128 {
  return broadcast(Place.HALF);
}

// @ts-ignore: decorator
@inline
export function TWO(): v128 {
  return broadcast(Place.TWO);
}

// @ts-ignore: decorator
@inline
export function TINY(): v128 {
  return broadcast(Place.TINY);
}

// @ts-ignore: decorator
@inline
export function EXP_HIGHEST(): v128 {
  return broadcast(Place.EXP_HIGHEST);
}

// @ts-ignore: decorator
@inline
export function EXP_LOWEST(): v128 {
  return broadcast(Place.EXP_LOWEST);
}

// @ts-ignore: decorator
@inline
export function LOG2E(): v128 {
  return broadcast(Place.LOG2E);
}

// @ts-ignore: decorator
@inline
export function ROUNDING(): v128 {
  return broadcast(Place.ROUNDING);
}

// @ts-ignore: decorator
@inline
export function LN2_HIGH(): v128 {
  return broadcast(Place.LN2_HIGH);
}

// @ts-ignore: decorator
@inline
export function LN2_LOW(): v128 {
  return broadcast(Place.LN2_LOW);
}

// @ts-ignore: decorator
@inline
export function EXP_5(): v128 {
  return broadcast(Place.EXP_5);
}

// @ts-ignore: decorator
@inline
export function EXP_4(): v128 {
  return broadcast(Place.EXP_4);
}

// @ts-ignore: decorator
@inline
export function EXP_3(): v128 {
  return broadcast(Place.EXP_3);
}

// @ts-ignore: decorator
@inline
export function EXP_2(): v128 {
  return broadcast(Place.EXP_2);
}

// @ts-ignore: decorator
@inline
export function EXP_1(): v128 {
  return broadcast(Place.EXP_1);
}

// @ts-ignore: decorator
@inline
export function EXP_0(): v128 {
  return broadcast(Place.EXP_0);
}

// @ts-ignore: decorator
@inline
export function MIX_1(): v128 {
  return broadcast(Place.MIX_1);
}

// @ts-ignore: decorator
@inline
export function MIX_2(): v128 {
  return broadcast(Place.MIX_2);
}

// @ts-ignore: decorator
@inline
export function LN2(): v128 {
  return broadcast(Place.LN2);
}

// @ts-ignore: decorator
@inline
export function MINUS_LOG2E(): v128 {
  return broadcast(Place.MINUS_LOG2E);
}

// @ts-ignore: decorator
@inline
export function GATE_HIGHEST(): v128 {
  return broadcast(Place.GATE_HIGHEST);
}

// @ts-ignore: decorator
@inline
export function GATE_LOWEST(): v128 {
  return broadcast(Place.GATE_LOWEST);
}

// @ts-ignore: decorator
@inline
export function GATE_0(): v128 {
  return broadcast(Place.GATE_0);
}

// @ts-ignore: decorator
@inline
export function GATE_1(): v128 {
  return broadcast(Place.GATE_1);
}

// @ts-ignore: decorator
@inline
export function GATE_2(): v128 {
  return broadcast(Place.GATE_2);
}

// @ts-ignore: decorator
@inline
export function GATE_3(): v128 {
  return broadcast(Place.GATE_3);
}

/** The integers 0 … 3. */
// @ts-ignore: decorator
@inline
export function LANES_0(): v128 {
  return v128.load(TABLE + (<usize>Place.LANES << 2));
}

/** The integers 4 … 7. */
// @ts-ignore: decorator
@inline
export function LANES_4(): v128 {
  return v128.load(TABLE + (<usize>Place.LANES << 2), 16);
}

/** Writes the table. */
export function writeConstants(): void {
  store<f32>(TABLE + (Place.ONE << 2), 1);
  store<f32>(TABLE + (Place.HALF << 2), 0.5);
  store<f32>(TABLE + (Place.TWO << 2), 2);
  store<f32>(TABLE + (Place.TINY << 2), 1e-30);
  store<f32>(TABLE + (Place.EXP_HIGHEST << 2), 89);
  store<f32>(TABLE + (Place.EXP_LOWEST << 2), -87);
  store<f32>(TABLE + (Place.LOG2E << 2), 1.44269504);
  store<f32>(TABLE + (Place.ROUNDING << 2), 12582912);
  store<f32>(TABLE + (Place.LN2_HIGH << 2), -0.693359375);
  store<f32>(TABLE + (Place.LN2_LOW << 2), 2.1219444e-4);
  store<f32>(TABLE + (Place.EXP_5 << 2), 1.98756915e-4);
  store<f32>(TABLE + (Place.EXP_4 << 2), 1.3981999507e-3);
  store<f32>(TABLE + (Place.EXP_3 << 2), 8.3334519073e-3);
  store<f32>(TABLE + (Place.EXP_2 << 2), 4.1665795894e-2);
  store<f32>(TABLE + (Place.EXP_1 << 2), 1.6666665459e-1);
  store<f32>(TABLE + (Place.EXP_0 << 2), 5.0000001201e-1);
  store<u32>(TABLE + (Place.MIX_1 << 2), 0x85ebca6b);
  store<u32>(TABLE + (Place.MIX_2 << 2), 0xc2b2ae35);
  store<f32>(TABLE + (Place.LN2 << 2), 0.693147181);
  store<f32>(TABLE + (Place.MINUS_LOG2E << 2), -1.44269504);
  store<f32>(TABLE + (Place.GATE_HIGHEST << 2), 43);
  store<f32>(TABLE + (Place.GATE_LOWEST << 2), -43);
  // e^x ≈ 1 + x + x² (p0 + p1 x + p2 x² + p3 x³) for |x| ≤ ln 2 / 2, the largest relative error (1.05e-7) made smallest; odd ones for −x.
  store<f32>(TABLE + (Place.GATE_0 << 2), 0.49999231);
  store<f32>(TABLE + (Place.GATE_1 << 2), -0.16667115);
  store<f32>(TABLE + (Place.GATE_2 << 2), 0.04189016);
  store<f32>(TABLE + (Place.GATE_3 << 2), -0.00831252);
  for (let i: i32 = 0; i < 8; i++) store<i32>(TABLE + (<usize>(Place.LANES + i) << 2), i);
}
