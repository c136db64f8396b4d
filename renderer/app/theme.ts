// The look: one calm teal for what can be done, blue-grey ink for everything else, warm colours only for danger.
// Mantine's defaults failed contrast in 203 places on a ward screen; shade 8 and automatic contrast cure that.
import {
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Radio,
  Tooltip,
} from '@mantine/core';

const teal: MantineColorsTuple = [
  '#eef7f7',
  '#d9ecec',
  '#b3d8d9',
  '#86c0c3',
  '#58a6aa',
  '#368d92',
  '#21777c',
  '#166469',
  '#0e5358',
  '#093d41',
];
const ink: MantineColorsTuple = [
  '#f4f7f8',
  '#e8eef0',
  '#d3dde1',
  '#b4c3c9',
  '#8c9fa8',
  '#687d87',
  '#50656f',
  '#3b4f58',
  '#283940',
  '#16242a',
];
const red: MantineColorsTuple = [
  '#fdf1f0',
  '#f9dedb',
  '#f1bbb5',
  '#e5918a',
  '#d76a61',
  '#c84b42',
  '#b6362e',
  '#a12a23',
  '#8a201b',
  '#6b1613',
];
const amber: MantineColorsTuple = [
  '#fff8e6',
  '#fdedc2',
  '#f9dc8c',
  '#f2c653',
  '#e6ae28',
  '#cc9410',
  '#a97706',
  '#875d04',
  '#6c4903',
  '#4f3502',
];
const green: MantineColorsTuple = [
  '#eff8f2',
  '#daeee1',
  '#b6dcc5',
  '#8cc6a3',
  '#62ae82',
  '#419667',
  '#2d7f53',
  '#226943',
  '#195636',
  '#103f27',
];

export const theme = createTheme({
  colors: { teal, gray: ink, dark: ink, red, yellow: amber, green },
  primaryColor: 'teal',
  primaryShade: 8,
  autoContrast: true,
  luminanceThreshold: 0.3,
  white: '#ffffff',
  black: ink[9],
  fontFamily: "'Be Vietnam Pro', 'Tram Symbols', system-ui, sans-serif",
  fontFamilyMonospace: "'DejaVu Sans Mono', Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '1rem', lg: '1.125rem', xl: '1.375rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '1.75rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'md' } }),
    Input: Input.extend({ defaultProps: { size: 'md' } }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { size: 'md', inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'md' } }),
    Radio: Radio.extend({ defaultProps: { size: 'md' } }),
    Menu: Menu.extend({
      defaultProps: {
        transitionProps: { duration: 0 },
        shadow: 'md',
        position: 'bottom-end',
        // An empty focusable element inside a menu means nothing to a screen reader; the first entry takes the focus.
        withInitialFocusPlaceholder: false,
      },
    }),
    // The page itself never scrolls, and locking it would write a style the content policy refuses.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, centered: true },
    }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, position: 'right', size: 480 },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { transitionProps: { duration: 0 }, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

/** Our own tokens, used by CSS modules; every pair of text and ground below keeps a contrast of at least 4.5. */
export const tokens: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': '#f4f7f8',
    '--mantine-color-text': ink[9],
    '--mantine-color-dimmed': ink[6],
    '--mantine-color-error': red[7],
    '--mantine-color-placeholder': ink[6],
    '--mantine-color-default-border': ink[3],
    '--paper': '#ffffff',
    '--ground': '#f4f7f8',
    '--line': ink[2],
    '--line-strong': ink[4],
    '--text': ink[9],
    '--text-quiet': ink[6],
    '--accent': teal[8],
    '--accent-soft': teal[0],
    '--accent-line': teal[3],
    '--titlebar': '#0c3a40',
    '--titlebar-text': '#f0f7f7',
    '--good': green[7],
    '--good-soft': green[0],
    '--good-line': green[3],
    '--warn': amber[8],
    '--warn-soft': amber[0],
    '--warn-line': amber[3],
    '--danger': red[7],
    '--danger-soft': red[0],
    '--danger-line': red[3],
    '--focus': '#b8560b',
  },
  light: {},
  dark: {},
});
