// An empty panel says what belongs here and the one thing to do.

export function Nothing({ text, action, onAction }: { readonly text: string; readonly action?: string; readonly onAction?: () => void }) {
  return (
    <main className="panel empty">
      <p className="lead">{text}</p>
      {action && (
        <button type="button" className="btn" onClick={onAction}>
          {action}
        </button>
      )}
    </main>
  );
}
