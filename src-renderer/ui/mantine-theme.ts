// The UI kit in our tokens: one family, ink instead of blue, small controls.

import { createTheme, type MantineColorsTuple } from '@mantine/core';

const ink = Array.from({ length: 10 }, () => 'var(--text)') as unknown as MantineColorsTuple;

export const mantineTheme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  primaryColor: 'ink',
  colors: { ink },
  defaultRadius: 4,
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '12px', md: '12px', lg: '13px', xl: '15px' },
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 90 }, overlayProps: { backgroundOpacity: 0.35 } } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 90 } } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 90 } } },
  },
});
