import {
  type MessageToHost,
  readMessageToWebview,
  type StudyAction,
  type StudyView,
} from '../study-messages/messages.ts';
import type { Draft } from './draft.ts';

interface VsCodeApi {
  postMessage(message: MessageToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const host = acquireVsCodeApi();

/** Tells the extension host what the learner does. */
export type Act = (action: StudyAction) => void;

/** Listens for views, says that the page is ready, and returns the way back. */
export function connectToHost(show: (view: StudyView) => void): Act {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessageToWebview(event.data);
    if (message !== undefined) show(message.view);
  });
  host.postMessage({ type: 'ready' });
  return (action) => host.postMessage({ type: 'action', action });
}

/** Keeps a draft with the page, where it outlives a reload. */
export function keepDraft(draft: Draft): void {
  host.setState(draft);
}

/** What `keepDraft` kept last, in this page or before it was reloaded. */
export function keptDraft(): unknown {
  return host.getState();
}
