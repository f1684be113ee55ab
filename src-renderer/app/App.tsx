// The window: the bar that names where the data come from, the screen, and the bar of what is selected.

import { type DragEvent, useEffect, useState } from 'react';
import { listen } from '../commands/keys.ts';
import { DatasetScreen } from '../panels/DatasetScreen.tsx';
import { ExploreScreen } from '../panels/ExploreScreen.tsx';
import { FigureScreen } from '../panels/FigureScreen.tsx';
import { FileDialog } from '../panels/FileDialog.tsx';
import { FirstRun } from '../panels/FirstRun.tsx';
import { FitScreen } from '../panels/FitScreen.tsx';
import { RecordingScreen } from '../panels/RecordingScreen.tsx';
import { dismiss, openDropped } from '../state/actions.ts';
import { type Screen, useStore } from '../state/store.ts';
import { Trouble } from '../ui/Trouble.tsx';
import { Boundary } from './Boundary.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { TopBar } from './TopBar.tsx';

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
  const [isOver, setOver] = useState(false);
  useEffect(listen, []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) openDropped(file);
  };
  const Panel = isEmpty ? FirstRun : panels[screen];
  return (
    <div
      role="application"
      className={isOver ? 'app over' : 'app'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={drop}
    >
      <TopBar />
      <Boundary key={screen}>
        <Panel />
      </Boundary>
      <SelectionBar />
      {trouble && (
        <div className="trouble">
          <Trouble failure={trouble} onClose={dismiss} />
        </div>
      )}
      <FileDialog />
    </div>
  );
}
