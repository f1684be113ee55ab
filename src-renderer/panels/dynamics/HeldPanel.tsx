// The input that is held: branches of fixed points along one input, the slider that moves the points along them, and where the search was.

import { useMemo } from 'react';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { followAgain, pickPoint, searchAt, stopBranches } from '../../state/dynamics.ts';
import { branchSettings, diagramSettings, type HeldKind, heldNow, useDynamics } from '../../state/dynamics-state.ts';
import { chooseChannel, goAlong, hold } from '../../state/held-input.ts';
import { exportBranches } from '../../state/writing.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';
import { ToFigure } from '../ViewPanel.tsx';

const kinds: readonly (readonly [HeldKind, string])[] = [
  ['zero', 'zero'],
  ['mean', 'mean'],
  ['external', 'external at mean'],
];
/** Steps of the slider across its range. */
const STEPS = 200;

export function HeldPanel() {
  const state = useDynamics();
  const share = useStore((store) => store.run?.report?.diagnostics.inputShare);
  const { searched, channel } = state;
  const inputs = searched?.inputs ?? [];
  const input = inputs[channel];
  return (
    <section className="panel bl held" aria-label="Held input">
      <div className="head">
        <h2>Held input</h2>
        {inputs.length === 1 && <span className="sub">{input?.name}</span>}
        {inputs.length > 1 && (
          <span className="select plain">
            <select
              aria-label="Input that the slider moves"
              value={channel}
              onChange={(event) => chooseChannel(Number(event.currentTarget.value))}
            >
              {inputs.map(({ name }, index) => (
                <option key={name} value={index}>
                  {name}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </span>
        )}
      </div>
      {searched && inputs.length === 0 && <p className="t2 pad">These dynamics have no inputs: their points stay where they are</p>}
      {!searched && <p className="t3 pad">Inputs come with the points</p>}
      {searched && input && <Diagram />}
      {searched && input && (
        <div className="hold pad">
          <Slider key={channel} />
          <p className="t3 reads" title={input.isInferred ? inferredText(share) : undefined}>
            {input.isInferred ? inferredText(share) : 'An external input, known in every trial'}
          </p>
          <div className="row">
            <span>Search at</span>
            <span className="select">
              <select aria-label="Input of the search" value={choiceOf(state)} onChange={(event) => choose(event.currentTarget.value)}>
                {kinds
                  .filter(([kind]) => kind !== 'external' || inputs.some(({ isInferred }) => !isInferred))
                  .map(([kind, title]) => (
                    <option key={kind} value={kind}>
                      {title}
                    </option>
                  ))}
                {searched.conditions.map((name) => (
                  <option key={name} value={`condition ${name}`}>
                    mean of {name}
                  </option>
                ))}
                {state.input === 'values' && <option value="values">here</option>}
              </select>
              <Icon name="down" size={10} />
            </span>
          </div>
        </div>
      )}
    </section>
  );
}

/** Branches along the input, with a line where the slider stands. */
function Diagram() {
  const { diagram, following, noDiagram } = useDynamics();
  // The head names the input.
  const scene = useMemo(() => diagram && { ...diagram, x: { ...diagram.x, label: '', unit: '' } }, [diagram]);
  if (diagram && scene)
    return (
      <div className="fill diagram" data-view="bifurcations" title={diagram.subtitle}>
        <PlaneStage
          scene={scene}
          style={DIAGRAM}
          onPick={({ point }) => pickPoint(point)}
          onBranch={({ point }, value) => point !== undefined && goAlong(point, value)}
        />
      </div>
    );
  return (
    <div className="fill pad diagram" aria-busy={following !== undefined}>
      {following && <progress className="going" max={1} value={following.done} aria-label="Following branches" />}
      {following ? (
        <p className="t3">
          {following.doing || 'Following branches'}, {Math.round(100 * following.done)} %{' '}
          <button type="button" className="link" onClick={() => stopBranches()}>
            Stop
          </button>
        </p>
      ) : noDiagram ? (
        <p className="t2">
          {noDiagram.code === 'cancelled' ? 'Branches were not followed' : `${noDiagram.sentence} ${noDiagram.hint}`}{' '}
          <button type="button" className="link" onClick={followAgain}>
            Follow them
          </button>
        </p>
      ) : (
        <p className="t3">Branches come after the points</p>
      )}
    </div>
  );
}

/** The signs are those of the portrait beside it. */
const DIAGRAM = { ownsConditions: true };

const choiceOf = ({ input, condition }: { readonly input: HeldKind; readonly condition?: string | undefined }): string =>
  input === 'condition' ? `condition ${condition}` : input;

function choose(value: string): void {
  if (value.startsWith('condition ')) searchAt('condition', { condition: value.slice('condition '.length) });
  else if (value !== 'values') searchAt(value as HeldKind);
}

const inferredText = (share: number | undefined): string =>
  share === undefined
    ? 'Inferred: points at a held input describe the generator, not the circuit alone'
    : `Inferred inputs carry ${Math.round(100 * share)} % of the rates’ variance: points describe the generator, not the circuit alone`;

function Slider() {
  const state = useDynamics();
  const { channel, searched } = state;
  const input = searched!.inputs[channel]!;
  const value = heldNow(state)[channel] ?? 0;
  const [low, high] = [Math.min(input.low, value), Math.max(input.high, value)];
  const at = (place: number): string => `${(100 * (place - low)) / (high - low)}%`;
  const text = (place: number): string => numberText(place, Math.abs(high - low) < 1 ? 3 : 2);
  return (
    <div className="slide">
      <div className="now">
        <b>{text(value)}</b>
        <span className="t3" title={`Mean over trials and bins: ${text(input.mean)}`}>
          mean {text(input.mean)}
        </span>
        {state.diagram &&
          (['csv', 'h5'] as const).map((extension) => (
            <button
              type="button"
              key={extension}
              className="link"
              title={extension === 'csv' ? 'Branches as a table, a row for each step' : 'Branches, bifurcations and states as arrays'}
              aria-label={`Branches as ${extension === 'csv' ? 'CSV' : 'HDF5'}`}
              onClick={() => exportBranches(extension)}
            >
              {extension === 'csv' ? 'CSV' : 'HDF5'}
            </button>
          ))}
        {state.diagram && <ToFigure view="bifurcations" settings={diagramSettings(state)} analysis={branchSettings(state)} />}
      </div>
      <input
        type="range"
        aria-label={`Held value of ${input.name}`}
        aria-valuetext={`${input.name} ${text(value)}`}
        title="Moves the points (, and .)"
        min={low}
        max={high}
        step={(high - low) / STEPS}
        value={value}
        onChange={(event) => hold(channel, Number(event.currentTarget.value))}
      />
      <div className="marks" aria-hidden="true">
        <i style={{ left: at(low) }}>{text(low)}</i>
        {low < 0 && high > 0 && <i style={{ left: at(0) }}>0</i>}
        <i style={{ left: at(high) }}>{text(high)}</i>
        <s style={{ left: at(input.mean) }} />
      </div>
    </div>
  );
}
