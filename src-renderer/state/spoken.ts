// Failures speak of options as the command line has them; in the window they have the names that stand in the forms.

import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import type { Failure } from '../../src-worker/contract/failure.ts';
import { optionName } from '../../src-worker/contract/settings.ts';
import { useStore } from './store.ts';

/** `--bin-ms` as “Bin width”: by the dataset's form, then by that of the model in view; what neither has stays. */
export function spoken(text: string, catalogue: Pick<Catalogue, 'dataset' | 'models'> | undefined, model: string): string {
  const params = { ...catalogue?.models.find(({ id }) => id === model)?.params, ...catalogue?.dataset };
  const labels = new Map(Object.entries(params).map(([name, { label }]) => [optionName(name), label]));
  return text.replace(/--([a-z][a-z-]*[a-z])/g, (option, name: string) => (labels.has(name) ? `“${labels.get(name)}”` : option));
}

/** Sentence and hint of a failure in the words of the window. */
export function useSpoken(failure: Pick<Failure, 'sentence' | 'hint'> | undefined): Pick<Failure, 'sentence' | 'hint'> {
  const catalogue = useStore((state) => state.catalogue);
  const model = useStore((state) => state.model);
  const words = (text = ''): string => spoken(text, catalogue, model);
  return { sentence: words(failure?.sentence), hint: words(failure?.hint) };
}
