// Where the page starts. Style sheets first and in this order: Mantine's lie in a layer, so ours always win.
import './app/mantine.ts';
import './app/fonts.css';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
