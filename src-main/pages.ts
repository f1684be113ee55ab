// Joins pages to the one worker: parses their calls, turns grants into paths and back, and keeps their jobs apart.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ProjectSummary } from '../src-worker/contract/api.ts';
import { Failure } from '../src-worker/contract/failure.ts';
import type { FileEntry, Hello, HostApi, HostEvents, Workspace } from '../src-worker/contract/page.ts';
import { type Channel, serve } from '../src-worker/contract/rpc.ts';
import { listFolder } from './folders.ts';
import { keepFitsGoing } from './going-fits.ts';
import { Grants } from './grants.ts';
import type { WorkerHandle } from './host.ts';
import { sampleRecording } from './locate.ts';
import { callParser, type Method, methods } from './policy/calls.ts';
import { safeName } from './policy/files.ts';
import type { UserData } from './user-data.ts';

/** What the desktop shell can do and a browser cannot. Both give a path, or undefined where the user cancels. */
export interface Dialogs {
  choose(kind: 'recording' | 'project'): Promise<string | undefined>;
  save(name: string): Promise<string | undefined>;
}

export interface PagesOptions {
  readonly worker: WorkerHandle;
  readonly userData: UserData;
  readonly version: string;
  /** Folder whose files browser mode lists. */
  readonly root?: string;
  readonly dialogs?: Dialogs;
  /** File or project named at the start. */
  readonly opened?: string;
}

/** Where a call's `job` stands among its arguments. */
const jobAt: Partial<Record<Method, number>> = {
  inspect: 1,
  rows: 1,
  unitMeans: 1,
  preview: 1,
  ensemble: 1,
  infer: 1,
  analyze: 1,
  scene: 1,
  figure: 1,
  export: 1,
  methods: 1,
  report: 1,
  cancel: 0,
};

export class Pages {
  readonly grants = new Grants();
  readonly #options: PagesOptions;
  readonly #parse: ReturnType<typeof callParser>;
  readonly #attached = new Map<string, HostEvents>();
  readonly #downloads = mkdtempSync(join(tmpdir(), 'orrery-'));
  #count = 0;
  #workspace: Workspace | undefined;
  #extensions: Promise<readonly string[]> | undefined;

  constructor(options: PagesOptions) {
    this.#options = options;
    this.#parse = callParser((grant) => this.grants.path(grant));
    keepFitsGoing(options.worker);
    options.worker.on({
      progress: (job, done, doing) => {
        const at = job.indexOf(' ');
        this.#attached.get(job.slice(0, at))?.progress(job.slice(at + 1), done, doing);
      },
      run: (project, ...rest) => this.#each((page) => page.run(this.grants.of(project), ...rest)),
      crashed: (reason) => this.#each((page) => page.worker('crashed', reason)),
      started: () => this.#each((page) => page.worker('started', '')),
    });
  }

  /** Serves one page until its channel closes; its unfinished jobs then end, its fits go on. */
  attach(channel: Channel): void {
    const page = `page${++this.#count}`;
    const jobs = new Map<string, number>();
    const own = this.#own();
    const call = async (method: Method, given: readonly unknown[]): Promise<unknown> => {
      const args = [...this.#parse(method, given)];
      const at = jobAt[method];
      if (at === undefined) return method in own ? own[method]!(...args) : this.#granted(method, await this.#work(method, args));
      const job = `${page} ${args[at]}`;
      args[at] = job;
      if (method === 'cancel') return this.#work(method, args);
      jobs.set(job, (jobs.get(job) ?? 0) + 1);
      try {
        return this.#granted(method, await this.#work(method, args));
      } finally {
        const left = jobs.get(job)! - 1;
        if (left > 0) jobs.set(job, left);
        else jobs.delete(job);
      }
    };
    const api = Object.fromEntries(methods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]));
    this.#attached.set(page, serve<typeof api, HostEvents>(channel, api));
    channel.onClose(() => {
      this.#attached.delete(page);
      for (const job of jobs.keys()) this.#options.worker.api.cancel(job).catch(() => {});
    });
  }

  /** Shows a file in every window, when the program is started again with one. */
  open(path: string): void {
    this.#each((page) => page.open(this.entry(path)));
  }

  close(): void {
    rmSync(this.#downloads, { recursive: true, force: true });
  }

  /** A written figure or export as a download; only what `saveTarget` gave can be fetched. */
  download(grant: string): string | undefined {
    const path = this.grants.path(grant);
    return path.startsWith(this.#downloads) && existsSync(path) ? path : undefined;
  }

  #each(tell: (page: HostEvents) => void): void {
    for (const page of this.#attached.values()) tell(page);
  }

  #work(method: Method, args: readonly unknown[]): Promise<unknown> {
    const api = this.#options.worker.api as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
    return api[method]!(...args);
  }

  /** What a page is told of a file or project. */
  entry(path: string): FileEntry {
    const kind = path.endsWith('.orrery') ? 'project' : 'recording';
    const bytes = kind === 'recording' && existsSync(path) ? { bytes: statSync(path).size } : {};
    return { grant: this.grants.of(path), name: basename(path), kind, ...bytes };
  }

  #project(summary: ProjectSummary): ProjectSummary {
    const recordings = summary.recordings.map((recording) => ({ ...recording, path: this.grants.of(recording.path) }));
    return { ...summary, path: this.grants.of(summary.path), recordings };
  }

  /** Results that hold paths, with grants in their place. */
  #granted(method: Method, result: unknown): unknown {
    switch (method) {
      case 'createProject':
      case 'openProject':
        return this.#project(result as ProjectSummary);
      case 'figure': {
        const figure = result as Awaited<ReturnType<HostApi['figure']>>;
        return { ...figure, path: this.grants.of(figure.path) };
      }
      case 'report': {
        const report = result as Awaited<ReturnType<HostApi['report']>>;
        return { ...report, path: this.grants.of(report.path) };
      }
      case 'export': {
        const written = result as Awaited<ReturnType<HostApi['export']>>;
        return { ...written, files: written.files.map((file) => this.grants.of(file)) };
      }
      default:
        return result;
    }
  }

  /** The methods that the host answers itself; arguments are parsed and hold paths. */
  #own(): Partial<Record<Method, (...args: readonly unknown[]) => Promise<unknown>>> {
    const { worker, userData, version, root, dialogs, opened } = this.#options;
    return {
      hello: async (): Promise<Hello> => ({
        mode: dialogs ? 'desktop' : 'browser',
        version,
        ...(root === undefined ? {} : { root: basename(root) || root }),
        sample: this.entry(sampleRecording),
        recent: userData.recent.map(({ path }) => this.entry(path)),
        ...(opened === undefined ? {} : { opened: this.entry(opened) }),
        ...(this.#workspace === undefined ? {} : { workspace: this.#workspace }),
      }),
      list: async (folder) => {
        if (root === undefined) throw new Failure('not-here', 'The desktop window opens files by a dialog.', 'Use Open….');
        this.#extensions ??= worker.api.catalogue().then(({ formats }) => formats.flatMap((format) => format.extensions).map(dotted));
        return listFolder(root, folder as string | undefined, await this.#extensions, this.grants);
      },
      choose: async (kind) => {
        const path = await dialogs?.choose(kind as 'recording' | 'project');
        return path === undefined ? undefined : this.entry(path);
      },
      opened: async (given) => {
        const path = given as string;
        userData.opened({ path, kind: path.endsWith('.orrery') ? 'project' : 'recording' });
        const project = userData.knownProject(path);
        return project === undefined ? undefined : this.#project(await worker.api.openProject(project));
      },
      projectFor: async (recording) => {
        const project = userData.projectFor(recording as string);
        return this.#project(await (existsSync(project) ? worker.api.openProject(project) : worker.api.createProject(project)));
      },
      saveTarget: async (name) => {
        const safe = safeName(name as string);
        const path = dialogs ? await dialogs.save(safe) : join(mkdtempSync(join(this.#downloads, 'file-')), safe);
        return path === undefined ? undefined : this.grants.of(path);
      },
      remember: async (workspace) => {
        this.#workspace = workspace as Workspace;
      },
      presets: async () => userData.presets,
      keepPreset: async (preset) => userData.keepPreset(preset as Parameters<UserData['keepPreset']>[0]),
    };
  }
}

const dotted = (extension: string): string => (extension.startsWith('.') ? extension : `.${extension}`);
