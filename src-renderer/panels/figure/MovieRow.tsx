// A movie of a view in space: what moves, how long, and the button that writes it or stops writing.

import { useState } from 'react';
import { type MovieOptions, movieParams } from '../../../src-worker/contract/paper.ts';
import { stopFigure } from '../../state/writing.ts';
import { Choices, Field } from './fields.tsx';

const kinds = [
  ['turntable', 'Turn'],
  ['time', 'Time'],
] as const;

interface Props {
  readonly canSave: boolean;
  /** Whether one is being written. */
  readonly isWriting: boolean;
  readonly onSave: (movie: Pick<MovieOptions, 'movie' | 'seconds'>) => void;
}

export function MovieRow({ canSave, isWriting, onSave }: Props) {
  const [kind, setKind] = useState<(typeof kinds)[number][0]>(movieParams.movie.default);
  const { default: usual, min, max } = movieParams.seconds;
  const [seconds, setSeconds] = useState<number>(usual);
  return (
    <div className="row movie">
      <span>Movie</span>
      <span className="v">
        <Choices
          label="What moves"
          of={kinds.map(([, title]) => title)}
          now={kinds.find(([id]) => id === kind)![1]}
          onChoice={(title) => setKind(kinds.find(([, known]) => known === title)![0])}
        />
        <Field label="Length of the movie, s" value={seconds} low={min} high={max} unit="s" onChange={setSeconds} />
        {isWriting ? (
          <button type="button" className="btn sm" onClick={stopFigure}>
            Stop
          </button>
        ) : (
          <button type="button" className="btn sm" disabled={!canSave} onClick={() => onSave({ movie: kind, seconds })}>
            MP4
          </button>
        )}
      </span>
    </div>
  );
}
