// Who may speak to the host, what a page may name, where a window may go.

import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callParser, methods } from '../../src-main/policy/calls.ts';
import { isBelow, kindOf, openFilters, safeName } from '../../src-main/policy/files.ts';
import { contentPolicy } from '../../src-main/policy/headers.ts';
import { fileArgument, mayCall, mayHave, mayNavigate, mayRequest, pageRights } from '../../src-main/policy/navigation.ts';
import { bearerOf, isToken, protocolToken, refusal } from '../../src-main/policy/requests.ts';
import { formats } from '../../src-worker/formats/index.ts';
import { Grants } from '../../src-main/grants.ts';

describe('requests', () => {
  test.each(['127.0.0.1:8123', 'localhost:22022', '[::1]:80', '127.0.0.1', 'LOCALHOST:1'])(
    'host %s is let in, whatever the port',
    (host) => {
      expect(refusal({ host }, false)).toBeUndefined();
      expect(refusal({ host, origin: `http://${host}` }, true)).toBeUndefined();
    },
  );

  test.each([
    undefined,
    '',
    'example.org',
    'localhost.example.org:80',
    '127.0.0.1.nip.io',
    '10.0.0.1:80',
    '127.0.0.1:80:80',
    'localhost@evil',
  ])('host %s is refused', (host) => {
    expect(refusal({ host }, false)).toBeTypeOf('string');
  });

  test.each(['http://example.org', 'https://127.0.0.1:80', 'http://127.0.0.1:81', 'http://localhost:80', 'null', ''])(
    'origin %s is refused at 127.0.0.1:80',
    (origin) => {
      expect(refusal({ host: '127.0.0.1:80', origin }, false)).toBeTypeOf('string');
    },
  );

  test('what changes something must name its origin', () => {
    expect(refusal({ host: '127.0.0.1:80' }, true)).toBeTypeOf('string');
  });

  test('only the token itself is the token', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (given, token) => isToken(given, token) === (given === token)));
    expect(isToken(undefined, 'secret')).toBe(false);
  });

  test('the token is found in the header that carries it and nowhere else', () => {
    expect(bearerOf('Bearer abc_-9')).toBe('abc_-9');
    expect(bearerOf('Basic abc')).toBeUndefined();
    expect(protocolToken('orrery, token.abc')).toBe('abc');
    expect(protocolToken('orrery')).toBeUndefined();
  });
});

describe('content policy', () => {
  test('lets neither inline styles nor eval through, but WebAssembly', () => {
    const policy = contentPolicy('n0nce', '127.0.0.1:80');
    expect(policy).toContain("style-src 'self' 'nonce-n0nce'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("'wasm-unsafe-eval'");
  });
});

describe('files', () => {
  test('only the root and what lies under it is below', () => {
    const root = join(sep, 'data', 'lab');
    expect(isBelow(root, root)).toBe(true);
    expect(isBelow(root, join(root, '..dots', 'a.nwb'))).toBe(true);
    for (const path of [join(sep, 'data'), join(sep, 'data', 'lab2'), join(root, '..', 'x')]) expect(isBelow(root, path)).toBe(false);
  });

  test('a name from a page is a plain name', () => {
    for (const [given, name] of [
      ['../../etc/passwd', 'passwd'],
      ['C:\\secrets\\a.nwb', 'a.nwb'],
      ['.bashrc', 'bashrc'],
      ['a\u0000b.nwb', 'a_b.nwb'],
      ['', 'file'],
      ['CON.nwb', 'file.nwb'],
    ])
      expect(safeName(given!)).toBe(name);
    fc.assert(
      fc.property(fc.string(), (given) => {
        const name = safeName(given);
        return name !== '' && !/[/\\]/.test(name) && !name.startsWith('.') && name.length <= 130;
      }),
    );
  });

  test('folders, projects and recordings are shown, hidden and foreign files are not', () => {
    expect(kindOf('day1.NWB', false, ['.nwb'])).toBe('recording');
    expect(kindOf('a.orrery', true, ['.nwb'])).toBe('project');
    expect(kindOf('sub', true, [])).toBe('folder');
    expect(kindOf('notes.txt', false, ['.nwb'])).toBeUndefined();
    expect(kindOf('.ssh', true, [])).toBeUndefined();
  });

  test('the dialog for opening shows the files of every format, and on request all', () => {
    const [own, all] = openFilters(formats);
    expect(own!.extensions).toEqual(expect.arrayContaining(['nwb', 'h5', 'npz']));
    expect(new Set(own!.extensions).size).toBe(own!.extensions.length);
    expect(all!.extensions).toEqual(['*']);
  });
});

describe('the desktop window', () => {
  test('goes nowhere but to its own page', () => {
    expect(mayNavigate('app://orrery/index.html')).toBe(true);
    for (const url of [
      'https://example.org',
      'app://other/',
      'file:///etc/passwd',
      'app://orrery@evil/',
      'javascript:alert(1)',
      'nonsense',
    ])
      expect(mayNavigate(url)).toBe(false);
  });

  test('only its top frame may call, and it may have the clipboard for writing alone', () => {
    expect(mayCall('app://orrery/index.html', true)).toBe(true);
    expect(mayCall('app://orrery/index.html', false)).toBe(false);
    expect(mayCall(undefined, true)).toBe(false);
    expect(mayHave('clipboard-sanitized-write', 'app://orrery')).toBe(true);
    expect(mayHave('media', 'app://orrery')).toBe(false);
  });

  test('loads nothing from any network', () => {
    for (const url of ['app://orrery/index.html', 'blob:app://orrery/1', 'data:image/png;base64,AA==']) expect(mayRequest(url)).toBe(true);
    for (const url of ['http://127.0.0.1:80/', 'https://example.org', 'ws://127.0.0.1', 'file:///etc/passwd', 'ftp://a', 'nonsense', ''])
      expect(mayRequest(url)).toBe(false);
  });

  test('runs its page isolated, sandboxed and without Node', () => {
    expect(pageRights).toMatchObject({ contextIsolation: true, sandbox: true, webSecurity: true });
    for (const right of [
      'nodeIntegration',
      'nodeIntegrationInWorker',
      'nodeIntegrationInSubFrames',
      'allowRunningInsecureContent',
      'webviewTag',
    ] as const)
      expect(pageRights[right]).toBe(false);
  });

  test('the file on a command line is found among options', () => {
    expect(fileArgument(['electron', '--no-sandbox', '/app', '--inspect', 'a.nwb'], false)).toBe('a.nwb');
    expect(fileArgument(['Orrery', 'a.nwb'], true)).toBe('a.nwb');
    expect(fileArgument(['electron', '.'], false)).toBeUndefined();
  });
});

describe('calls', () => {
  const grants = new Grants();
  const parse = callParser((grant) => grants.path(grant));
  const recording = grants.of('/data/a.nwb');

  test('grants become paths, and a path is no grant', () => {
    expect(parse('inspect', [{ path: recording }, 'job'])).toEqual([{ path: '/data/a.nwb' }, 'job']);
    expect(() => parse('inspect', [{ path: '/data/a.nwb' }, 'job'])).toThrow(expect.objectContaining({ code: 'no-grant' }));
    expect(() => parse('openProject', ['/data/x.orrery'])).toThrow(expect.objectContaining({ code: 'no-grant' }));
  });

  test('an ensemble is of at least two runs of a granted project', () => {
    const runs = ['r1', 'r2'];
    expect(parse('ensemble', [{ project: recording, runs }, 'job'])).toEqual([{ project: '/data/a.nwb', runs }, 'job']);
    expect(() => parse('ensemble', [{ project: '/data/a.nwb', runs }, 'job'])).toThrow(expect.objectContaining({ code: 'no-grant' }));
    expect(() => parse('ensemble', [{ project: recording, runs: ['r1'] }, 'job'])).toThrow(expect.objectContaining({ code: 'bad-call' }));
  });

  test('a view is of a run or of a recording that nothing was fitted to, and each by its grants', () => {
    const options = { view: 'raster', settings: { unit: 48 }, width: 640, height: 480 };
    const data = { align: 'go_cue_time', windowMs: [-1000, 1000] };
    expect(parse('scene', [{ recording, data, ...options }, 'job'])).toEqual([{ recording: '/data/a.nwb', data, ...options }, 'job']);
    expect(parse('scene', [{ project: recording, run: 'latest', ...options, data }, 'job'])).toEqual([
      { project: '/data/a.nwb', run: 'latest', ...options },
      'job',
    ]);
    expect(() => parse('scene', [{ recording: '/data/a.nwb', data, ...options }, 'job'])).toThrow(
      expect.objectContaining({ code: 'no-grant' }),
    );
    expect(() => parse('scene', [options, 'job'])).toThrow(expect.objectContaining({ code: 'bad-call' }));
    const paper = { out: recording, widthMm: 89, dpi: 300 };
    expect(parse('figure', [{ recording, data, ...options, ...paper }, 'job'])).toEqual([
      { recording: '/data/a.nwb', data, ...options, ...paper, out: '/data/a.nwb' },
      'job',
    ]);
  });

  test('tables and averages of units are asked for by the recording’s grant', () => {
    expect(parse('rows', [{ path: recording, table: 'units' }, 'job'])).toEqual([{ path: '/data/a.nwb', table: 'units' }, 'job']);
    expect(() => parse('unitMeans', [{ recording: '/etc/passwd', data: {} }, 'job'])).toThrow(
      expect.objectContaining({ code: 'no-grant' }),
    );
  });

  test('a figure goes only where the host said', () => {
    const figure = { project: recording, run: 'latest', view: 'rates', settings: {}, width: 1, height: 1, widthMm: 89, dpi: 300 };
    expect(() => parse('figure', [{ ...figure, out: '/home/x/.bashrc' }, 'job'])).toThrow(expect.objectContaining({ code: 'no-grant' }));
  });

  test('arguments of another shape are refused', () => {
    for (const args of [[], [{}], [{ path: recording }], [{ path: recording }, 7], [{ path: recording }, 'job', 'more']])
      expect(() => parse('inspect', args)).toThrow(expect.objectContaining({ code: expect.stringMatching(/bad-call|no-grant/) }));
  });

  test('unknown fields do not pass through', () => {
    expect(parse('stopFit', [{ project: recording, run: 'r', extra: 'x' }])).toEqual([{ project: '/data/a.nwb', run: 'r' }]);
  });

  test('grants cannot be guessed and are the same for one path', () => {
    expect(grants.of('/data/a.nwb')).toBe(recording);
    expect(recording).toMatch(/^grant-[\w-]{22}$/);
    expect(methods).toContain('startFit');
  });
});
