// What is of the page itself: the height that suits a picture, and what a caption says of stretched axes, fading and two eyes.

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

/** A height that suits what is drawn, in the unit of the width: space nearly square, time wide, two views half as high as one. */
export const heightFor = ({ z, equal }: Pick<Scene, 'z' | 'equal'>, width: number, { stereo }: PaperLook = {}): number =>
  Math.round(width * (z ? (stereo ? 0.45 : 0.9) : equal ? 1.15 : 0.62));
