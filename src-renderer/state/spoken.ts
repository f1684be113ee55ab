// Sentences of the program speak of options as the command line has them; in the window they have the names that stand in the forms.

import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import type { Failure } from '../../src-worker/contract/failure.ts';
import { optionName } from '../../src-worker/contract/settings.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { withoutOptions } from '../ui/format.ts';
import { useStore } from './store.ts';

type Forms = Pick<Catalogue, 'dataset' | 'models'> & Partial<Pick<Catalogue, 'analyses' | 'views'>>;

/**
 * Without `(--seeds 5)`, with `orrery analyze kick` as “Kick”, and with `--bin-ms` as “Bin width”: by the dataset's form, then by that of the model in view, then as every other
 * form has it that has one so named; what none has stays.
 */
export function spoken(text: string, catalogue: Forms | undefined, model: string): string {
  const { models = [], analyses = [], views = [], dataset } = catalogue ?? {};
  const others = Map.groupBy(
    [...models, ...analyses, ...views].flatMap(({ params }) => Object.entries(params)),
    ([name]) => name,
  );
  const agreed = [...others.values()].filter((same) => same.every(([, { label }]) => label === same[0]![1].label));
  const own = { ...models.find(({ id }) => id === model)?.params, ...dataset };
  const labels = new Map(
    [...agreed.map(([first]) => first!), ...Object.entries(own)].map(([name, { label }]) => [optionName(name), label]),
  );
  return withoutOptions(text)
    .replace(/\borrery analyze ([a-z-]*[a-z])/g, (command, name: string) => {
      const analysis = analyses.find(({ id }) => id === name);
      return analysis ? `“${analysis.title}”` : command;
    })
    .replace(/--([a-z][a-z-]*[a-z]|p0)/g, (option, name: string) => (labels.has(name) ? `“${labels.get(name)}”` : option));
}

/** What a picture says beside itself, in the words of the window. */
export function spokenScene(scene: Scene): Scene {
  const { catalogue, model } = useStore.getState();
  const words = (text: string): string => spoken(text, catalogue, model);
  return { ...scene, subtitle: words(scene.subtitle), caption: words(scene.caption), text: words(scene.text) };
}

/** Says a sentence in the words of the window. */
export function useWords(): (text: string) => string {
  const catalogue = useStore((state) => state.catalogue);
  const model = useStore((state) => state.model);
  return (text) => spoken(text, catalogue, model);
}

/** Sentence and hint of a failure in the words of the window. */
export function useSpoken(failure: Pick<Failure, 'sentence' | 'hint'> | undefined): Pick<Failure, 'sentence' | 'hint'> {
  const words = useWords();
  return { sentence: words(failure?.sentence ?? ''), hint: words(failure?.hint ?? '') };
}
