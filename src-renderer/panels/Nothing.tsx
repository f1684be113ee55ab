// An empty panel says what belongs here and what to do.

interface Action {
  readonly title: string;
  readonly run: () => void;
}

interface Props {
  readonly text: string;
  readonly action?: string;
  readonly onAction?: () => void;
  /** What does as well, sooner. */
  readonly other?: Action | undefined;
}

export function Nothing({ text, action, onAction, other }: Props) {
  return (
    <main className="panel empty">
      <p className="lead">{text}</p>
      <span className="acts">
        {action && (
          <button type="button" className="btn" onClick={onAction}>
            {action}
          </button>
        )}
        {other && (
          <button type="button" className="btn" onClick={other.run}>
            {other.title}
          </button>
        )}
      </span>
    </main>
  );
}
