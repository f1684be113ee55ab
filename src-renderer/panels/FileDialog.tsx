// Browser mode's file list: folders below the root, recordings and projects.

import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry, Listing } from '../../src-worker/contract/page.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import { open } from '../state/actions.ts';
import { host } from '../state/connection.ts';
import { set, useStore } from '../state/store.ts';
import { bytes, counted } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Trouble } from '../ui/Trouble.tsx';

export function FileDialog() {
  const dialog = useStore((state) => state.dialog);
  const root = useStore((state) => state.hello?.root);
  const [folder, setFolder] = useState<string | undefined>();
  const [listing, setListing] = useState<Listing | undefined>();
  const [failure, setFailure] = useState<Failure | undefined>();
  useEffect(() => {
    if (!dialog) return;
    let isCurrent = true;
    setFailure(undefined);
    host.list(folder).then(
      (found) => isCurrent && setListing(found),
      (error) => isCurrent && setFailure(asFailure(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [dialog, folder]);
  const take = (entry: FileEntry): void => {
    if (dialog === 'open-for-model') set({ inferOn: entry, dialog: undefined });
    else open(entry);
  };
  const wanted = dialog === 'open-project' ? 'project' : 'recording';
  return (
    <Modal
      opened={dialog !== undefined}
      onClose={() => set({ dialog: undefined })}
      title={wanted === 'project' ? 'Open a project' : 'Open a recording'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      size={560}
    >
      <nav className="trail">
        {listing?.trail.map((part) => (
          <button type="button" key={part.grant} className="link" onClick={() => setFolder(part.grant)}>
            {part.name}
          </button>
        ))}
      </nav>
      {failure && <Trouble failure={failure} />}
      <ul className="files">
        {listing?.entries.map((entry) => (
          <li key={entry.grant}>
            <button
              type="button"
              disabled={entry.kind !== 'folder' && entry.kind !== wanted}
              onClick={() => (entry.kind === 'folder' ? setFolder(entry.grant) : take(entry))}
            >
              <Icon name={entry.kind === 'folder' ? 'folder' : entry.kind === 'project' ? 'project' : 'file'} size={14} />
              <span>{entry.name}</span>
              <i>{entry.bytes === undefined ? '' : bytes(entry.bytes)}</i>
            </button>
          </li>
        ))}
      </ul>
      <p className="t3">
        {listing && listing.entries.length === 0 ? 'No recordings or projects here. ' : ''}
        {listing && listing.others > 0 ? `${counted(listing.others, 'other file')} not shown. ` : ''}
        Files below {root}; start with --root FOLDER for others, or drop a file into the window.
      </p>
    </Modal>
  );
}
