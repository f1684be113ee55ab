// What a caption says of the page itself: the view knows the data, the page how its axes are stretched and whether depth fades.

import { stretchText } from './projection.ts';
import type { Camera, Scene } from './scene.ts';
import type { PaperLook } from './style.ts';

const EQUAL = 'equal scale';

/** The caption of a Scene as this camera and these sizes draw it. */
export function captionOf(
  { caption, z }: Pick<Scene, 'caption' | 'z'>,
  camera: Pick<Camera, 'stretch'> = {},
  look: PaperLook = {},
): string {
  if (!z) return caption;
  const stretched = stretchText(camera);
  const scaled =
    stretched === ''
      ? caption
      : caption.includes(EQUAL)
        ? caption.replace(EQUAL, `stretched: ${stretched}`)
        : withMore(caption, `stretched: ${stretched}`);
  const faded = look.fade ? withMore(scaled, 'what is farther fades') : scaled;
  return look.stereo ? withMore(faded, `stereo pair ${look.stereo}° apart, the left eye’s view on the left`) : faded;
}

export const withMore = (caption: string, more: string): string => `${caption.replace(/\.$/, '')}; ${more}.`;
