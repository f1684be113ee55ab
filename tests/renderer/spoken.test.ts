import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spoken, spokenScene } from '../../src-renderer/state/spoken.ts';
import { useStore } from '../../src-renderer/state/store.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { catalogue as wholeCatalogue } from '../../src-worker/service/catalogue.ts';
import { catalogue } from '../cli/fake.ts';

test('options of a failure have the names of the forms, and what no form has stays', () => {
  const dataset = { binMs: { kind: 'number', label: 'Bin width', help: '', tier: 'common' } } as const;
  const words = (text: string) => spoken(text, { ...catalogue, dataset }, 'lfads');
  expect(words('Set the width, for example --bin-ms 20.')).toBe('Set the width, for example “Bin width” 20.');
  expect(words('Let --steps be larger, or keep it with --save-view NAME.')).toBe(
    'Let “Steps” be larger, or keep it with --save-view NAME.',
  );
  expect(words('Fit several, such as five (--seeds 5).')).toBe('Fit several, such as five.');
  expect(spoken('Set --bin-ms.', undefined, 'lfads')).toBe('Set --bin-ms.');
});

test('commands that analyse have the titles of the menus, and others that stand in brackets go', () => {
  const whole = wholeCatalogue();
  expect(spoken('Run the analysis first: orrery analyze tangling.', whole, 'lfads')).toBe('Run the analysis first: “Tangling”.');
  expect(spoken('Choose another device (orrery devices lists them).', whole, 'lfads')).toBe('Choose another device.');
  const { catalogue: before } = useStore.getState();
  useStore.setState({ catalogue: whole });
  const caption = 'It is long: choose such a part (--part-ms). Follow --steps.';
  const scene = { subtitle: '', text: 'Set --bin-ms.', caption } as unknown as Scene;
  expect(spokenScene(scene)).toMatchObject({ text: 'Set “Bin width”.', caption: 'It is long: choose such a part. Follow “Steps”.' });
  useStore.setState({ catalogue: before });
});

test('the form in view names an option before others do', () => {
  const named = (id: string, label: string) => ({
    ...catalogue.models[0]!,
    id,
    params: { steps: { kind: 'number', label, help: '', tier: 'common' } as const },
  });
  const both = { ...catalogue, models: [named('one', 'Steps'), named('other', 'Other steps')] };
  expect(spoken('Raise --steps.', both, 'one')).toBe('Raise “Steps”.');
  expect(spoken('Raise --steps.', both, 'other')).toBe('Raise “Other steps”.');
});

/** Lines of the program with an option in them, other than comments. */
function linesWithOptions(): readonly { readonly line: string; readonly model: string }[] {
  const room = join(import.meta.dirname, '../../src-worker');
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
    // Style sheets have names of the same look, and makers of samples say nothing in the window.
    (file) => file.endsWith('.ts') && !/style\.ts$|synthetic|kernels/.test(file),
  );
  return files.flatMap((file) =>
    readFileSync(join(room, file), 'utf8')
      .split('\n')
      .filter((line) => /[\s(]--[a-z]|\borrery [a-z]/.test(line) && !/^\s*(\/\/|\/?\*)|, --[a-z]+\)/.test(line))
      .map((line) => ({
        line: `${file}: ${line.trim().replace(/\$\{analysis\.id\}/, 'kick')}`,
        model: /^models\/([a-z-]+)/.exec(file)?.[1] ?? 'lfads',
      })),
  );
}

test('no sentence of the program shows an option or a command of the command line in the window', () => {
  const lines = linesWithOptions();
  expect(lines.length).toBeGreaterThan(50);
  // What all networks of the recorded units share is said while one of them is in view.
  const said = lines.map(({ line, model }) => spoken(line, wholeCatalogue(), model === 'constrained' ? 'curbd' : model));
  expect(said.filter((line) => /--[a-z]|\borrery [a-z]/.test(line))).toEqual([]);
});
