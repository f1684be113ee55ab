// The page: joins its host, then draws the window.

import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/frame.css';
import './ui/styles/controls.css';
import './ui/styles/forms.css';
import './ui/styles/recording.css';
import './ui/styles/rows.css';
import './ui/styles/first.css';
import './ui/styles/fit.css';
import './ui/styles/judge.css';
import './ui/styles/explore.css';
import './ui/styles/figure.css';
import './ui/styles/dialogs.css';
import './ui/styles/currents.css';
import './ui/styles/pairs.css';
import './ui/styles/dynamics.css';
import './ui/styles/narrow.css';
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
