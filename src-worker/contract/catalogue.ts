// What there is to choose from, as JSON: forms, command line and menus derive from it.

import type { Params } from './params.ts';

export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  /** One sentence. */
  readonly about: string;
  readonly params: Params;
}

export interface Catalogue {
  readonly formats: readonly (CatalogueEntry & { readonly extensions: readonly string[] })[];
  /**
   * `reads`: the model is made of a network's weights, and not of trials. `oneThread`: several fits run side by side. `tested`: it is a network
   * that can be asked how far to believe it; `testsLong`: which takes minutes, so that it is not begun unasked. `prepares`: it can say what preprocessing would make of activity before a fit.
   */
  readonly models: readonly (CatalogueEntry & {
    readonly reads?: 'network';
    readonly oneThread?: boolean;
    readonly tested?: boolean;
    readonly testsLong?: boolean;
    readonly prepares?: boolean;
    /** Devices that a fit can be told to use, beside `auto`. */
    readonly devices?: readonly string[];
  })[];
  readonly analyses: readonly (CatalogueEntry & { readonly needs: string })[];
  readonly views: readonly (CatalogueEntry & { readonly shows: string })[];
  readonly exporters: readonly (CatalogueEntry & { readonly extension: string })[];
  /** How a dataset is made of a recording. */
  readonly dataset: Params;
}
