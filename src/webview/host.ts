import {
  type MessageToHost,
  readMessageToWebview,
  type StudyAction,
  type StudyView,
} from '../study-messages/messages.ts';

interface VsCodeApi {
  postMessage(message: MessageToHost): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** Tells the extension host what the learner does. */
export type Act = (action: StudyAction) => void;

/** Listens for views, says that the page is ready, and returns the way back. */
export function connectToHost(show: (view: StudyView) => void): Act {
  const host = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessageToWebview(event.data);
    if (message !== undefined) show(message.view);
  });
  host.postMessage({ type: 'ready' });
  return (action) => host.postMessage({ type: 'action', action });
}
