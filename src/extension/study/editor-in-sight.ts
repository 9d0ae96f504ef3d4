import * as vscode from 'vscode';
import { modelInSight, type Sight } from '../../editor/model-in-sight.ts';
import type { PredictionsInEditor } from '../../learn/predict/predict.ts';
import { predictionsOf } from '../../learn/predict/prediction.ts';
import { foldModel } from '../../learn/visualize/fold-model.ts';
import type { ModelInEditor } from '../../learn/visualize/visualize.ts';
import type { Observed, ObservedPrograms } from '../observed-programs.ts';
import type { ProgramDocuments } from '../program-documents.ts';
import { nameOfPlace } from '../wording.ts';

/** What the ways to learn may ask about the Python file or notebook that the learner used last. */
export interface EditorInSight {
  /** Its model at the cursor, or why there is none. */
  readonly editor: ModelInEditor;
  readonly predictions: PredictionsInEditor;
}

export async function editorInSight(programs: ObservedPrograms): Promise<EditorInSight> {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor = [activeTextEditor, ...visibleTextEditors].find(
    (each) => each?.document.languageId === 'python',
  );
  if (editor === undefined) return neither(vscode.l10n.t('No Python file is open in an editor.'));
  const { document, selection } = editor;
  const name = document.uri.path.split('/').at(-1) ?? '';
  const known = await programs.of(document);
  if (known === null) {
    return neither(vscode.l10n.t('{0} has nothing to do with PyTorch that Freezelint could see.', name));
  }
  const sight = modelInSight(known.observed, known.documents.offsetOf(document, selection.active));
  return { editor: modelOf(name, known, sight), predictions: predictionsAbout(name, known) };
}

const neither = (problem: string): EditorInSight => ({ editor: { problem }, predictions: { problem } });

function modelOf(name: string, { documents }: Observed, sight: Sight | null): ModelInEditor {
  const folded = sight && foldModel(sight.snapshot);
  if (sight && folded) return { ...folded, where: `${name}, ${placeOf(documents, sight)}` };
  return {
    problem: vscode.l10n.t(
      'Freezelint knows no model in {0}: none is built there, or it comes from code that Freezelint does not see.',
      name,
    ),
  };
}

function predictionsAbout(name: string, { observed, documents }: Observed): PredictionsInEditor {
  if (typeof documents.source !== 'string') {
    return { problem: vscode.l10n.t('{0} is a notebook; Predict asks about files only.', name) };
  }
  const questions = predictionsOf(observed, Date.now());
  if (questions.length > 0) return { questions, where: name };
  return {
    problem: vscode.l10n.t(
      'There is nothing to predict in {0}: no line of it decides for certain what trains in a model that Freezelint knows.',
      name,
    ),
  };
}

function placeOf(documents: ProgramDocuments, { lineStart, scope }: Sight): string {
  if (lineStart === null) {
    return scope === null
      ? vscode.l10n.t('at the end of the program')
      : vscode.l10n.t('at the end of {0}()', scope);
  }
  const line = nameOfPlace(documents, documents.placeOf({ start: lineStart, end: lineStart }));
  return scope === null
    ? vscode.l10n.t('before {0}', line)
    : vscode.l10n.t('before {0} in {1}()', line, scope);
}
