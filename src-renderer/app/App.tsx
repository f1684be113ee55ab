// The window: the bar that names where the data come from, the screen, and the bar of what is selected.

import { useEffect, useState } from 'react';
import { listen } from '../commands/keys.ts';
import { Palette } from '../commands/Palette.tsx';
import { DatasetScreen } from '../panels/DatasetScreen.tsx';
import { ExploreScreen } from '../panels/ExploreScreen.tsx';
import { FigureScreen } from '../panels/figure/FigureScreen.tsx';
import { FileDialog } from '../panels/FileDialog.tsx';
import { FirstRun } from '../panels/FirstRun.tsx';
import { FitScreen } from '../panels/FitScreen.tsx';
import { RecordingScreen } from '../panels/RecordingScreen.tsx';
import { ExportDialog } from '../panels/tasks/ExportDialog.tsx';
import { InferDialog } from '../panels/tasks/InferDialog.tsx';
import { dismiss, openDropped } from '../state/actions.ts';
import { useRepair } from '../state/repairs.ts';
import { type Screen, useStore } from '../state/store.ts';
import { Trouble } from '../ui/Trouble.tsx';
import { Boundary } from './Boundary.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { TopBar } from './TopBar.tsx';
import { WrittenDialog } from './WrittenDialog.tsx';

const panels: Readonly<Record<Screen, () => React.ReactNode>> = {
  Recording: RecordingScreen,
  Dataset: DatasetScreen,
  Fit: FitScreen,
  Explore: ExploreScreen,
  Figure: FigureScreen,
};

export function App() {
  const screen = useStore((state) => state.screen);
  const theme = useStore((state) => state.theme);
  const isEmpty = useStore((state) => state.recording === undefined && state.run === undefined);
  const trouble = useStore((state) => state.trouble);
  const repair = useRepair(trouble);
  const [isOver, setOver] = useState(false);
  useEffect(listen, []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => receiveFiles(setOver), []);
  const Panel = isEmpty ? FirstRun : panels[screen];
  return (
    <div className={isOver ? 'app over' : 'app'}>
      <TopBar />
      <Boundary key={screen}>
        <Panel />
      </Boundary>
      <SelectionBar />
      {trouble && (
        <div className="trouble">
          <Trouble failure={trouble} repair={repair} onClose={dismiss} />
        </div>
      )}
      <ExportDialog />
      <InferDialog />
      <FileDialog />
      <WrittenDialog />
      <Palette />
    </div>
  );
}

/** A file dropped anywhere in the window is opened; `over` hears whether one hangs above it. Gives the function that ends this. */
function receiveFiles(over: (isOver: boolean) => void): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const hover = (event: DragEvent): void => {
    event.preventDefault();
    over(true);
  };
  const leave = (event: DragEvent): void => {
    // Leaving one element for another inside the window is no leaving.
    if (event.relatedTarget === null) over(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    over(false);
    const file = event.dataTransfer?.files[0];
    if (file) openDropped(file);
  };
  window.addEventListener('dragover', hover, { signal });
  window.addEventListener('dragleave', leave, { signal });
  window.addEventListener('drop', drop, { signal });
  return () => ended.abort();
}
