// Conditions as legend and control: a wheel where they are angles, else a list. A click hides one, a double click shows it alone, its
// menu names and recolours it; what changes here holds in every panel.

import { Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, type MouseEvent, useState } from 'react';
import { conditionId } from '../../src-worker/scene/follow.ts';
import { conditionColour, paletteOf } from '../../src-worker/scene/palettes.ts';
import { trialsText } from '../../src-worker/scene/furniture.ts';
import type { ConditionKey as Key } from '../../src-worker/scene/scene.ts';
import { colourCondition, hiddenOf, nameCondition, showAlone, toggleCondition } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { px } from '../ui/letters.ts';

/** Radius of the wheel, and where there is little room. */
const RADIUS = px(32);
const SMALL_RADIUS = px(24);
/** Where the key stands in the upper right of a stage: below the camera, in from the edge. */
const TOP = px(44);
const RIGHT = px(18);
const MOST_IN_WHEEL = 16;
const colourNames = ['Blue', 'Orange', 'Green', 'Vermilion', 'Pink', 'Sky', 'Yellow', 'Black'] as const;

const isWheelOf = (key: Key): boolean => key.scale === 'angle' && key.values !== undefined && key.names.length <= MOST_IN_WHEEL;

const radiusOf = (isNarrow: boolean): number => (isNarrow ? SMALL_RADIUS : RADIUS);

/** Half the width and half the height of a wheel with the names about it. */
function halves({ names }: Key, radius: number): readonly [number, number] {
  const widest = Math.max(...names.map((name) => name.length));
  return [radius + px(8 + Math.min(64, 7 * widest)), radius + px(18)];
}

interface Covered {
  readonly width: number;
  readonly height: number;
}

/** What the key covers of the upper right of a stage that begins so far down; undefined where data could not keep clear of it. */
export function keyCorner(key: Key | undefined, isNarrow: boolean, stageTop: number): Covered | undefined {
  if (!key || key.names.length < 2 || !isWheelOf(key)) return undefined;
  const [side, high] = halves(key, radiusOf(isNarrow));
  return { width: 2 * side + RIGHT + px(6), height: Math.max(0, TOP - stageTop) + 2 * high + px(26) };
}

export const isNarrowWindow = '(max-width: 75em)';

interface Props {
  readonly of: Key;
  /** Beside a small picture. */
  readonly isSmall?: boolean;
}

export function ConditionKey({ of: key, isSmall = false }: Props) {
  const isNarrow = useMediaQuery(isNarrowWindow);
  const [menu, setMenu] = useState<number | undefined>();
  const hidden = hiddenOf(
    key,
    useStore((state) => state.selection),
  );
  const theme = useStore((state) => state.theme);
  if (key.names.length < 2) return undefined;
  const isWheel = isWheelOf(key);
  const act = (condition: number) => ({
    role: 'switch' as const,
    tabIndex: 0,
    'aria-checked': !hidden.includes(condition),
    'aria-label': `${key.names[condition]}, ${key.trials[condition] ?? 0} trials`,
    onClick: (event: MouseEvent) => {
      // The second click of a double click belongs to that.
      if (event.detail < 2) toggleCondition(conditionId(key, condition));
    },
    onDoubleClick: () => {
      toggleCondition(conditionId(key, condition));
      showAlone(key, condition);
    },
    onContextMenu: (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setMenu(condition);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === ' ') toggleCondition(conditionId(key, condition));
      else if (event.key === 'Enter') setMenu(condition);
      else return;
      event.preventDefault();
    },
  });
  const colour = (condition: number) => conditionColour(theme, key, condition);
  return (
    <Popover
      opened={menu !== undefined}
      onChange={(isOpen) => !isOpen && setMenu(undefined)}
      trapFocus
      returnFocus
      withinPortal
      position="left-start"
      shadow="md"
    >
      <Popover.Target>
        <fieldset className="conditions-key" aria-label={`Conditions: ${key.label}`}>
          {isWheel ? (
            <Wheel of={key} radius={radiusOf(isNarrow || isSmall)} hidden={hidden} act={act} colour={colour} />
          ) : (
            <div className="list">
              {key.names.map((name, condition) => (
                <div key={condition} {...act(condition)} className={hidden.includes(condition) ? 'off' : ''} title={name}>
                  <svg width="14" height="6" aria-hidden="true">
                    <path d="M0 3h14" stroke={colour(condition)} strokeWidth="2.6" />
                  </svg>
                  <span>{name}</span>
                  <i>{key.trials[condition] ?? 0}</i>
                </div>
              ))}
            </div>
          )}
          <span className="count">{trialsText(key)}</span>
        </fieldset>
      </Popover.Target>
      <Popover.Dropdown>{menu !== undefined && <Menu of={key} condition={menu} onDone={() => setMenu(undefined)} />}</Popover.Dropdown>
    </Popover>
  );
}

interface WheelProps {
  readonly of: Key;
  readonly radius: number;
  readonly hidden: readonly number[];
  readonly act: (condition: number) => React.SVGProps<SVGGElement>;
  readonly colour: (condition: number) => string;
}

function Wheel({ of: key, radius, hidden, act, colour }: WheelProps) {
  const [side, high] = halves(key, radius);
  const step = Math.PI / Math.max(3, key.names.length);
  const place = (angle: number, r: number): readonly [number, number] => [side + r * Math.cos(angle), high - r * Math.sin(angle)];
  return (
    <svg width={2 * side} height={2 * high} className="wheel" role="presentation">
      {(key.values ?? []).map((degrees, condition) => {
        const angle = (degrees * Math.PI) / 180;
        const arc = (r: number) => Array.from({ length: 9 }, (_, i) => place(angle + (step - 0.035) * (i / 4 - 1), r));
        const sector = (outer: number, inner: number) =>
          `M${[...arc(outer), ...arc(inner).reverse()].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
        const [x, y] = place(angle, radius + px(6));
        const across = Math.cos(angle);
        const isOff = hidden.includes(condition);
        return (
          <g key={condition} {...act(condition)} className={isOff ? 'off' : ''}>
            <path className="reach" d={sector(radius + px(20), 0.4 * radius)} />
            <path
              d={sector(radius, 0.56 * radius)}
              fill={isOff ? 'none' : colour(condition)}
              stroke={colour(condition)}
              strokeWidth={isOff ? 1 : 0}
            />
            <text x={x} y={y + px(4) * (1 - Math.sin(angle))} textAnchor={Math.abs(across) < 0.1 ? 'middle' : across > 0 ? 'start' : 'end'}>
              {key.names[condition]}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Menu({ of: key, condition, onDone }: { readonly of: Key; readonly condition: number; readonly onDone: () => void }) {
  const theme = useStore((state) => state.theme);
  const id = conditionId(key, condition);
  const chosen = useStore((state) => state.selection.colours?.[id]);
  const isHidden = useStore((state) => state.selection.hidden?.includes(id) ?? false);
  const [name, setName] = useState(key.names[condition] ?? '');
  return (
    <div className="condition-menu" role="dialog" aria-label={`Condition ${key.names[condition]}`}>
      <span className="num">
        <input
          data-autofocus
          aria-label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => name !== key.names[condition] && nameCondition(id, name)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            nameCondition(id, name);
            onDone();
          }}
        />
      </span>
      <fieldset className="swatches" aria-label="Colour">
        {paletteOf(theme).nominal.map((colour, place) => (
          <button
            type="button"
            key={colour}
            aria-label={colourNames[place]}
            aria-pressed={chosen === place}
            className={chosen === place ? 'on' : ''}
            onClick={() => colourCondition(id, place)}
          >
            <svg width="14" height="14" aria-hidden="true">
              <rect width="14" height="14" rx="3" fill={colour} />
            </svg>
          </button>
        ))}
        <button type="button" className="link" disabled={chosen === undefined} onClick={() => colourCondition(id, undefined)}>
          Its own
        </button>
      </fieldset>
      <button
        type="button"
        className="item"
        onClick={() => {
          toggleCondition(id);
          onDone();
        }}
      >
        {isHidden ? 'Show' : 'Hide'}
        <kbd>Space</kbd>
      </button>
      <button
        type="button"
        className="item"
        onClick={() => {
          showAlone(key, condition);
          onDone();
        }}
      >
        Show alone
        <i>double-click</i>
      </button>
    </div>
  );
}
