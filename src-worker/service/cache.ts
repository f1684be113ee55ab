// Keeps the few most recently used things that are dear to make: open recordings, datasets, outputs.

export class Cache<T> {
  readonly #kept = new Map<string, Promise<T>>();
  readonly #size: number;
  readonly #drop: (value: T) => void;

  constructor(size: number, drop: (value: T) => void = () => {}) {
    this.#size = size;
    this.#drop = drop;
  }

  /** The thing of that key, made now if it is not there; what fails is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    const value = found ?? make();
    this.#kept.set(key, value);
    value.catch(() => {
      if (this.#kept.get(key) === value) this.#kept.delete(key);
    });
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= this.#size) break;
      this.#kept.delete(oldest);
      old.then(this.#drop, () => {});
    }
    return value;
  }

  forget(key: string): void {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    found?.then(this.#drop, () => {});
  }
}
