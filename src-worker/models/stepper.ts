// What the training loop needs of an implementation of any model that is trained by gradients: the fused engine and the op-by-op one give it.

export interface StepperOf<Batch, Settings, Losses> {
  readonly device: string;
  readonly deviceName: string;
  /** Kernel build and shard count: stored in checkpoints, because they set the low bits. */
  readonly build: string;
  /** One optimiser step. Throws a Failure naming the first tensor that is not finite. */
  step(batch: Batch, settings: Settings): Promise<Losses>;
  /** Gradients of the loss before clipping, by weight name: for tests. */
  gradients(batch: Batch, settings: Settings): Promise<{ readonly losses: Losses; readonly gradients: Record<string, Float32Array> }>;
  weights(): Record<string, Float32Array>;
  setWeights(weights: Readonly<Record<string, Float32Array>>): void;
  moments(): Moments;
  setMoments(moments: Moments): void;
  close(): Promise<void>;
}

/** Adam's first and second moments by weight name, and its step count. */
export interface Moments {
  readonly first: Record<string, Float32Array>;
  readonly second: Record<string, Float32Array>;
  readonly steps: number;
}
