// What a view draws, in data units: the stages put it on screen, the figure writers on paper, tests compare it as text.

/** A meaning, not a colour: palettes give it one for screen, paper and colour-blind readers. `series` tells curves apart that are no conditions. */
export type ColourRole =
  | { readonly condition: number }
  | { readonly series: number }
  | 'ink'
  | 'mute'
  | 'accent'
  | 'control'
  | 'band'
  | 'guide'
  | 'text';

/** What a mark stands for, so that picking one selects it in every panel. Rows of the file's tables. */
export interface Datum {
  readonly trial?: number;
  /** Where that trial was kept from training. */
  readonly split?: 'validation' | 'test';
  /** What else sets that trial apart, from the file's columns: 'perturbation left'. */
  readonly about?: string;
  readonly unit?: number;
  readonly condition?: number;
  readonly bin?: number;
  /** Place of a fixed point in its list, from 0. */
  readonly point?: number;
  /** Place of a mode of that point, the least stable first; a pair counts once. */
  readonly mode?: number;
  /** A current: the region that it flows into and the one that it comes from. */
  readonly pair?: readonly [into: string, from: string];
}

interface Marked {
  /** Stable from one Scene to the next, so that the stage replaces only what changed. */
  readonly key: string;
  readonly datum: Datum;
  readonly colour: ColourRole;
}

/** `thin`: many, pale; `fine`: as thin, but neither pale nor fitted: guides, arrows of a flow. */
export type Weight = 'thin' | 'fine' | 'line' | 'thick';

/** A polyline; with `z` in a 3-D scene. NaN lifts the pen. */
export interface Line extends Marked {
  readonly kind: 'line';
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z?: Float64Array;
  /** Time of each vertex, ms: what the brush and the cursor follow. */
  readonly timeMs?: Float64Array;
  /** A number per vertex to colour by instead of the role, with the Scene's value scale. */
  readonly value?: Float64Array;
  readonly weight: Weight;
  readonly dashed?: boolean;
  /** Written at its end, or its start dot in 3-D. */
  readonly label?: string;
  /** What lines of this weight and dash mean, for the legend of flat scenes: 'model'. */
  readonly legend?: string;
}

export type Sign = 'dot' | 'diamond' | 'square' | 'triangle' | 'arrow' | 'cross' | 'plus' | 'ring' | 'half' | 'question' | 'tick';

export interface Points extends Marked {
  readonly kind: 'points';
  readonly sign: Sign;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z?: Float64Array;
  readonly timeMs?: Float64Array;
  /** What each point stands for, where points differ. */
  readonly data?: readonly Datum[];
  /** Direction of each arrow or tick: where the line came from, in data units. */
  readonly fromX?: Float64Array;
  readonly fromY?: Float64Array;
  readonly fromZ?: Float64Array;
  /** A number is in half widths of a normal sign. */
  readonly size?: 'small' | 'normal' | 'large' | number;
  /** A number per point to colour by instead of the role, with the Scene's value scale. */
  readonly value?: Float64Array;
  /** Height of `tick` signs in data units of y, as in a raster; without it they have the size of a sign. */
  readonly tickHeight?: number;
  /** What the sign means, for the legend: 'Go cue'. */
  readonly legend?: string;
}

/** Between two curves over the same x. */
export interface Band extends Marked {
  readonly kind: 'band';
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** What it shows, for the legend: '5 to 95 % of 5 seeds'. */
  readonly legend?: string;
}

/** A straight line across the panel at one x or y. */
export interface Rule extends Marked {
  readonly kind: 'rule';
  readonly x?: number;
  readonly y?: number;
  /** What begins at `x` lasts until here: the time between is shaded. */
  readonly until?: number;
  readonly label: string;
  readonly dashed?: boolean;
}

/** A heat map: rows × columns cells that fill the given rectangle, first row at y0. */
export interface Image extends Marked {
  readonly kind: 'image';
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly scale: ValueScale;
  /** What a cell stands for, said under the pointer: its row and column, and another value of each cell. */
  readonly cells?: {
    readonly rows: readonly string[];
    readonly columns: readonly string[];
    readonly also?: { readonly label: string; readonly values: Float32Array };
  };
}

export interface Text extends Marked {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly z?: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Keys of lines of a flat scene along which it slides to a place free of signs and other texts; without any it is left out. */
  readonly along?: readonly string[];
}

export type Mark = Line | Points | Band | Rule | Image | Text;

/** A rectangle that stands for something: a click in it picks that, and a stage frames what is picked. Not drawn on paper. */
export interface Area {
  readonly datum: Datum;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

export interface ValueScale {
  readonly label: string;
  readonly unit: string;
  readonly domain: readonly [number, number];
  /** `signed` is centred on zero. */
  readonly palette: 'sequential' | 'signed' | 'wash';
}

export interface Axis {
  readonly label: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
  /** Undefined: the extent of the marks, rounded to ticks. */
  readonly domain?: readonly [number, number];
  /** Named places instead of numeric ticks. */
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
}

/** Orthographic; the same for screen and paper. Angles turn the data about the target. */
export interface Camera {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly rollDeg: number;
  /** 1 fits the marks into the panel. */
  readonly zoom: number;
  /** Shift of the centre, in data units; undefined: the middle of the marks. */
  readonly target?: readonly [number, number, number];
  /** How much longer a length looks along each axis, where scales are not equal by choice; the picture says so. */
  readonly stretch?: readonly [number, number, number];
}

/** Names and kinds of the conditions that colour roles point to. */
export interface ConditionKey {
  readonly label: string;
  readonly names: readonly string[];
  /** What the conditions are called in the recording, where a user named one otherwise. */
  readonly given?: readonly string[];
  /** Trials of each condition in the picture. */
  readonly trials: readonly number[];
  readonly scale: 'nominal' | 'ordinal' | 'angle';
  /** Degrees where the scale is an angle. */
  readonly values?: readonly number[];
  /** A place in the palette that was chosen for a condition instead of its own. */
  readonly chosen?: readonly (number | undefined)[];
}

export interface Scene {
  readonly title: string;
  /** What the panel shows and leaves out, in one line. */
  readonly subtitle: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Present in 3-D scenes, together with `camera`. */
  readonly z?: Axis;
  readonly camera?: Camera;
  /** Of a flat scene: a length is the same along both axes; domains are widened to fill the panel. */
  readonly equal?: true;
  readonly marks: readonly Mark[];
  /** Of a flat scene. */
  readonly areas?: readonly Area[];
  readonly conditions?: ConditionKey;
  readonly values?: ValueScale;
  /** The time to look at, ms: lines and pictures outside it fade. */
  readonly spanMs?: readonly [number, number];
  /** In 3-D: points x, y, z … that the camera fits into the panel, whatever of them is hidden. */
  readonly fitted?: Float64Array;
  /** In 3-D: lengths that stand for something else than the axes' unit, data units: modes by their time constant. */
  readonly bars?: readonly { readonly length: number; readonly label: string }[];
  /** Says in words what the picture shows: the text alternative. */
  readonly text: string;
  /** For under a figure: state, trials, run, parameters. */
  readonly caption: string;
}
