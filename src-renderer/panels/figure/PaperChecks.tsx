// Whether the page is fit for print: read off what is drawn, not assumed.

import type { Drawing } from '../../../src-worker/scene/primitives.ts';
import type { Scene } from '../../../src-worker/scene/scene.ts';
import { alike, namesTell, type Vision } from '../../../src-worker/scene/vision.ts';
import { becomesImage, bytesOf } from '../../../src-worker/scene/weight.ts';
import { Icon } from '../../ui/icons.tsx';

/** experience.md's floor for text, and the thinnest line that printers hold. */
const LEAST_TEXT_PT = 5;
const LEAST_LINE_PT = 0.25;

const eyes: readonly (readonly [string, readonly Vision[]])[] = [
  ['In grey', ['grey']],
  ['Protan, deutan, tritan', ['protan', 'deutan', 'tritan']],
];

export function PaperChecks({ drawing: { primitives }, scene }: { readonly drawing: Drawing; readonly scene: Scene }) {
  const texts = primitives.flatMap((primitive) => (primitive.kind === 'text' && primitive.text !== '' ? [primitive.size] : []));
  const lines = primitives.flatMap((primitive) => (primitive.kind === 'path' && primitive.stroke ? [primitive.width ?? 1] : []));
  const [text, line] = [Math.min(...texts), Math.min(...lines)];
  const isImage = becomesImage(primitives);
  const megabytes = bytesOf(isImage ? primitives.filter(({ layer }) => layer !== 'thin') : primitives) / 1e6;
  return (
    <>
      <h3>Checks</h3>
      <ul className="checks">
        <Check
          label="Smallest text"
          value={texts.length > 0 ? `${round(text)} pt` : 'none'}
          isGood={texts.length === 0 || text >= LEAST_TEXT_PT}
        />
        <Check
          label="Thinnest line"
          value={lines.length > 0 ? `${round(line)} pt` : 'none'}
          isGood={lines.length === 0 || line >= LEAST_LINE_PT - 1e-9}
        />
        {eyes.map(([label, visions]) => (
          <Check key={label} label={label} {...told(scene, visions)} />
        ))}
        <Check
          label="Vector, live text"
          value={isImage ? 'trials as image' : `${megabytes < 0.1 ? 'under 0.1' : megabytes.toFixed(1)} MB`}
          isGood
          title={
            isImage
              ? 'The single trials are too many for lines: they become one image of up to 600 dpi; text, axes and markers stay vector'
              : undefined
          }
        />
      </ul>
    </>
  );
}

/** Whether conditions can be told apart by such eyes, and by what. */
function told(scene: Scene, visions: readonly Vision[]): { readonly value: string; readonly isGood: boolean; readonly title?: string } {
  const pairs = visions.flatMap((vision) => alike(scene, 'paper', vision).map(([a, b]) => ({ vision, text: `${a} and ${b}` })));
  if (pairs.length === 0) return { value: 'colours differ', isGood: true };
  const title =
    visions.length > 1 ? pairs.map(({ vision, text }) => `${vision}: ${text}`).join('; ') : pairs.map(({ text }) => text).join('; ');
  if (namesTell(scene)) return { value: 'labels carry it', isGood: true, title: `Alike by colour alone: ${title}` };
  return { value: `${pairs[0]!.text} look alike`, isGood: false, title };
}

const round = (value: number): string => String(Number(value.toPrecision(2)));

interface CheckProps {
  readonly label: string;
  readonly value: string;
  readonly isGood: boolean;
  readonly title?: string | undefined;
}

function Check({ label, value, isGood, title }: CheckProps) {
  return (
    <li className={isGood ? 'good' : 'warn'} title={title}>
      <Icon name={isGood ? 'check' : 'warn'} />
      <span>{label}</span>
      <b>{value}</b>
    </li>
  );
}
