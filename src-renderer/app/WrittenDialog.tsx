// What was just written, with the lines of a program that loads it, each to be copied.

import { Modal } from '@mantine/core';
import { set, useStore } from '../state/store.ts';
import { copyText } from '../state/writing.ts';
import { Icon } from '../ui/icons.tsx';

export function WrittenDialog() {
  const written = useStore((state) => state.written);
  return (
    <Modal
      opened={written !== undefined}
      onClose={() => set({ written: undefined })}
      title={written?.title ?? ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
      size={680}
    >
      {written && written.files.length > 0 && <p className="t2">{written.files.join(', ')}</p>}
      {written?.blocks.map(({ title, text }) => (
        <section className="written" key={title} aria-label={title}>
          <h3>
            {title}
            <button type="button" className="link" onClick={() => copyText(text)}>
              <Icon name="copy" /> Copy
            </button>
          </h3>
          <pre>{text}</pre>
        </section>
      ))}
    </Modal>
  );
}
