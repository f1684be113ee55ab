// Views kept by name in a project: what a picture was made with, so that it is the same on screen, on paper and next year.

import type { NamedView, SavedView } from '../contract/api.ts';
import { Failure } from '../contract/failure.ts';
import type { Project } from './project.ts';
import { decode, encode } from './text.ts';

/** Keeps a view under a name; one of that name is replaced. */
export function saveView(project: Project, name: string, saved: SavedView): void {
  if (name.trim() === '') throw new Failure('no-name', 'A view to keep needs a name.', 'Give it one that says what it shows.');
  project.change((put) =>
    put('INSERT INTO views VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET shown = excluded.shown', name.trim(), encode(saved)),
  );
}

/** Forgets the view of a name, if there is one. */
export function forgetView(project: Project, name: string): void {
  project.change((put) => put('DELETE FROM views WHERE name = ?', name.trim()));
}

/** All of them by name. */
export const listViews = (project: Project): readonly NamedView[] =>
  project
    .rows('SELECT name, shown FROM views ORDER BY name')
    .map(({ name, shown }) => ({ name: String(name), ...decode<SavedView>(String(shown), 'views.shown') }));

/** The view of that name. Throws a Failure that lists the names there are. */
export function savedView(project: Project, name: string): SavedView {
  const row = project.row('SELECT shown FROM views WHERE name = ?', name.trim());
  if (row) return decode<SavedView>(String(row.shown), 'views.shown');
  const known = project.rows('SELECT name FROM views ORDER BY name').map((view) => String(view.name));
  throw new Failure(
    'unknown-view',
    `${project.name} keeps no view “${name}”.`,
    known.length > 0 ? `It keeps: ${known.join(', ')}.` : 'Keep one first (--save-view NAME).',
  );
}
