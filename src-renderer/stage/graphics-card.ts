// Whether a graphics card draws, or the processor plays one, for which other ways of drawing are faster.

const PLAYED = /swiftshader|llvmpipe|software|basic render/i;
let known: boolean | undefined;

/** Asked once: a context is made for it, and given back. */
export function hasGraphicsCard(): boolean {
  known ??= look();
  return known;
}

function look(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!context) return false;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !PLAYED.test(renderer);
}
