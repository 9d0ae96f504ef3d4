import { render } from 'preact';
import type { StudyView } from '../study-messages/messages.ts';
import { connectToHost } from './host.ts';
import { Screen } from './screen.tsx';
import './webview.css';
import './overview.css';
import './items.css';

const root = document.getElementById('root') as HTMLElement;
const act = connectToHost((view: StudyView) => render(<Screen view={view} act={act} />, root));
