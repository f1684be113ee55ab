// Keeps the window when a panel fails to draw: says so in its place, with a way back.

import { Component, type ReactNode } from 'react';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import { Trouble } from '../ui/Trouble.tsx';

export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <main className="panel empty">
        <Trouble failure={asFailure(this.state.error)} />
        <button type="button" className="btn" onClick={() => this.setState({ error: undefined })}>
          Draw again
        </button>
      </main>
    );
  }
}
