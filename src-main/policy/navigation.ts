// Where a window may go and what it may ask for in the desktop shell: nowhere but its own page, and nothing of the system.

export const appOrigin = 'app://orrery';

/** A window shows the program's own page and no other. */
export const mayNavigate = (url: string): boolean => URL.canParse(url) && sameOrigin(new URL(url));

/** An IPC message counts only from the top frame of the program's own page. */
export const mayCall = (frameUrl: string | undefined, isTopFrame: boolean): boolean =>
  isTopFrame && frameUrl !== undefined && mayNavigate(frameUrl);

/** Writing the clipboard is all that the page asks of the system. */
export const mayHave = (permission: string, requester: string): boolean =>
  permission === 'clipboard-sanitized-write' && mayNavigate(requester);

const local = new Set(['app:', 'blob:', 'data:', 'devtools:']);

/** What a window may load: nothing from any network. */
export const mayRequest = (url: string): boolean => URL.canParse(url) && local.has(new URL(url).protocol);

/** A page in its sandbox: no Node, no embedded views, and no spelling checker, whose dictionaries would come from the network. */
export const pageRights = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  spellcheck: false,
} as const;

// The URL class knows no origin for schemes of one's own.
const sameOrigin = (url: URL): boolean => `${url.protocol}//${url.host}` === appOrigin && url.username === '' && url.password === '';

/** The file named on a command line: what stands after the program, and after its folder where that is not packaged; options aside. */
export function fileArgument(argv: readonly string[], packaged: boolean): string | undefined {
  return argv.slice(1).filter((argument) => !argument.startsWith('-'))[packaged ? 0 : 1];
}
