// The page: joins its host, then draws the window.

import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './ui/tokens.css';
import './ui/look.css';
import './ui/recording.css';
import './ui/screens.css';
import './ui/fit.css';
import './ui/first.css';
import './ui/currents.css';
import './ui/dynamics.css';
import './ui/narrow.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { start } from './state/actions.ts';
import { useStore } from './state/store.ts';
import { recallTheme } from './state/theme.ts';
import { mantineTheme } from './ui/mantine-theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

// The kit's scroll lock styles the page through a package that finds its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

function Root() {
  const theme = useStore((state) => state.theme);
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={theme} getStyleNonce={() => nonce}>
      <App />
    </MantineProvider>
  );
}

recallTheme();
createRoot(document.getElementById('root')!).render(<Root />);
start();
