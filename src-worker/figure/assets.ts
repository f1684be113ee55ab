// Finds the fonts that figures embed and the renderer's WebAssembly, by module name: the same from source, build and package.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** Arimo has Arial's metrics, so that a figure is the same where Arial is and where it is not. */
export const fontFiles = {
  regular: (): string => resolve('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf'),
  strong: (): string => resolve('@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf'),
} as const;

export const rendererWasm = (): Uint8Array => readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm'));
