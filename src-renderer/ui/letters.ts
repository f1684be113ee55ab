// How large letters are beside the usual 16 px: what the browser was told. Styles follow by themselves (their pixels are written as
// rem when the page is built); what is drawn on a canvas or placed by numbers follows by this.

const USUAL_PX = 16;

export const letterScale: number = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_PX || 1;

/** A length for letters of the usual size, in pixels here. */
export const px = (length: number): number => length * letterScale;
