// The layer check finds every import that leaves its room, and no other.

import { describe, expect, test } from 'vitest';
import { importsOf, layerProblems } from '../../scripts/lib/layers.mjs';

const problems = (path: string, text: string) => layerProblems([{ path, text }]);

describe('imports', () => {
  test('are found in every form, with their lines', () => {
    const text = [
      "import a from './a.ts';",
      'import {',
      '  b,',
      "} from './b.ts';",
      "import type { C } from './c.ts';",
      "export * from './d.ts';",
      "const e = await import('./e.ts');",
      "import './f.css';",
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { what: './a.ts', line: 1 },
      { what: './b.ts', line: 4 },
      { what: './c.ts', line: 5 },
      { what: './d.ts', line: 6 },
      { what: './e.ts', line: 7 },
      { what: './f.css', line: 8 },
    ]);
  });

  test('in comments do not count, after a string with slashes they do', () => {
    const text = "// import './a.ts'\n/* from './b.ts'\n */ const url = 'http://x'; import c from './c.ts';";
    expect(importsOf(text)).toEqual([{ what: './c.ts', line: 3 }]);
  });
});

describe('the layer check', () => {
  test.each([
    ['src-main/host.ts', '../src-worker/contract/api.ts'],
    ['src-main/cli/run.ts', '../../src-worker/contract/failure.ts'],
    ['src-renderer/stage/stage.tsx', '../../src-worker/scene/scene.ts'],
    ['src-worker/contract/api.ts', '../scene/scene.ts'],
    ['src-worker/contract/settings.ts', 'zod'],
    ['src-worker/models/lfads/model.ts', '../../engine/random.ts'],
    ['src-main/main.ts', 'electron'],
    ['src-renderer/app/app.tsx', 'react'],
    ['src-main/cli/cli.ts', 'node:fs'],
  ])('lets %s import %s', (path, what) => expect(problems(path, `import '${what}';`)).toEqual([]));

  test.each([
    ['src-main/host.ts', '../src-worker/worker.ts'],
    ['src-renderer/forms/form.tsx', '../../src-worker/models/model.ts'],
    ['src-renderer/app/app.tsx', '../../src-main/host.ts'],
    ['src-renderer/app/app.tsx', 'node:fs'],
    ['src-main/host.ts', '../src-renderer/app/app.tsx'],
    ['src-main/host.ts', 'electron'],
    ['src-worker/service/jobs.ts', 'electron'],
    ['src-worker/service/jobs.ts', '../../src-main/host.ts'],
    ['src-worker/service/jobs.ts', '../../tests/data.ts'],
    ['src-worker/contract/run.ts', '../models/model.ts'],
    ['src-worker/scene/scene.ts', 'node:fs'],
  ])('refuses that %s imports %s, naming both', (path, what) => {
    const found = problems(path, `\nimport type { X } from '${what}';`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}:2: imports ${what}`);
  });
});
