// Runs the Python lines that an export answers with, where an interpreter has the modules they import.

import { execFileSync } from 'node:child_process';

/** An interpreter that can import these modules, or undefined, with a message. */
export function pythonWith(...modules: string[]): string | undefined {
  for (const python of ['python3', '/usr/bin/python3', 'python']) {
    try {
      execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
      return python;
    } catch {}
  }
  console.warn(`Skipped: no Python with ${modules.join(' and ')} here.`);
  return undefined;
}

/** What `expression` is after `lines`, by way of JSON; arrays as nested lists, with NaN and Infinity as text. */
export function evaluate(python: string, lines: string, expression: string): unknown {
  const script = `${lines}
import json as _json, math as _math
def _plain(x):
    if hasattr(x, "tolist"): x = x.tolist()
    if isinstance(x, dict): return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)): return [_plain(v) for v in x]
    if isinstance(x, float) and not _math.isfinite(x): return str(x)
    return x
print(_json.dumps(_plain(${expression})))
`;
  return JSON.parse(execFileSync(python, ['-c', script], { encoding: 'utf8' }));
}
