// The forms of dataset and model: what is set in them, and what the host says would follow from it.

import type { Preset } from '../../src-worker/contract/page.ts';
import type { Settings, Value } from '../../src-worker/contract/params.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import { host } from './connection.ts';
import { get, set } from './store.ts';

const PREVIEW_AFTER_MS = 350;

const changed = (settings: Settings, name: string, value: Value | undefined): Settings => {
  const { [name]: _, ...others } = settings;
  return value === undefined ? others : { ...others, [name]: value };
};

export function setData(name: string, value: Value | undefined): void {
  set({ data: changed(get().data, name, value) });
  refreshPreview();
}

export function setSetting(name: string, value: Value | undefined): void {
  set({ settings: changed(get().settings, name, value) });
  refreshPreview();
}

export function setModel(model: string): void {
  set({ model, settings: {} });
  refreshPreview();
}

/** The form as a preset has it: its values, and all others as chosen for the data. */
export function takePreset({ model, settings }: Preset): void {
  set({ model, settings });
  refreshPreview();
}

let previewTimer: ReturnType<typeof setTimeout> | undefined;
let previewsAsked = 0;

/** Asks anew what the dataset would be and what the model would choose for it; the newest request counts. */
export function refreshPreview(): void {
  clearTimeout(previewTimer);
  const asked = ++previewsAsked;
  set({ previewing: true });
  previewTimer = setTimeout(async () => {
    const { recording, data, model, settings, project } = get();
    const device = pinnedDevice();
    if (!recording) {
      set({ previewing: false });
      return;
    }
    try {
      const asking = { recording: recording.entry.grant, data, model, settings, device, ...(project && { project: project.path }) };
      const preview = await host.preview(asking, 'preview');
      // An older request may end after a newer one.
      if (asked === previewsAsked) set({ preview, previewTrouble: undefined, previewing: false });
    } catch (error) {
      const failure = asFailure(error);
      if (asked !== previewsAsked) return;
      if (failure.code !== 'cancelled') set({ previewTrouble: failure, previewing: false });
      // Stopped though no newer request took its place: it shared the work of one that was stopped, and asks again.
      else refreshPreview();
    }
  }, PREVIEW_AFTER_MS);
}

/** The device that is pinned for fits of the model, or `auto`. */
export function pinnedDevice(): string {
  const { catalogue, model, device } = get();
  return catalogue?.models.find(({ id }) => id === model)?.devices?.includes(device) ? device : 'auto';
}

/** Computes fits on a device, or on the best for `auto`. */
export function pinDevice(device: string): void {
  set({ device });
  refreshPreview();
}
