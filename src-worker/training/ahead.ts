// What a step needs of its number alone, its batch above all, made while the engine is at the step before instead of between the two.

export class Ahead<T> {
  readonly #make: (step: number) => T;
  #next: { readonly step: number; readonly value: T } | undefined;

  /** `make` is a function of the step alone: no value depends on whether it was made ahead. */
  constructor(make: (step: number) => T) {
    this.#make = make;
  }

  /** Starts `work` on the step's value, makes the next step's while that is under way, and gives what `work` does. */
  during<Result>(step: number, work: (value: T) => Promise<Result>): Promise<Result> {
    const value = this.#next?.step === step ? this.#next.value : this.#make(step);
    const going = work(value);
    this.#next = { step: step + 1, value: this.#make(step + 1) };
    return going;
  }
}
