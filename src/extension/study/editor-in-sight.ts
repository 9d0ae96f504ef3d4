import * as vscode from 'vscode';
import { modelInSight, type Sight } from '../../editor/model-in-sight.ts';
import type { PredictionsInEditor } from '../../learn/predict/predict.ts';
import { predictionsOf } from '../../learn/predict/prediction.ts';
import { foldModel } from '../../learn/visualize/fold-model.ts';
import type { ModelInEditor } from '../../learn/visualize/visualize.ts';
import type { Observed, ObservedPrograms } from '../observed-programs.ts';
import type { ProgramDocuments } from '../program-documents.ts';
import { nameOfPlace } from '../wording.ts';
import type { EditorInSight } from './mode.ts';

/** What is known of the file that the learner used last, each answer worked out only when it is asked for. */
export async function editorInSight(programs: ObservedPrograms): Promise<EditorInSight> {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor = [activeTextEditor, ...visibleTextEditors].find(
    (each) => each?.document.languageId === 'python',
  );
  if (editor === undefined) return nothing(vscode.l10n.t('No Python file is open in an editor.'));
  const { document, selection } = editor;
  const name = document.uri.path.split('/').at(-1) ?? '';
  const known = await programs.of(document);
  if (known === null) {
    return nothing(vscode.l10n.t('{0} has nothing to do with PyTorch that Freezelint could see.', name));
  }
  const offset = known.documents.offsetOf(document, selection.active);
  return {
    model: () => modelAt(offset, name, known),
    predictions: () => predictionsAbout(name, known),
  };
}

const nothing = (problem: string): EditorInSight => ({
  model: () => ({ problem }),
  predictions: () => ({ problem }),
});

function modelAt(offset: number, name: string, { observed, documents }: Observed): ModelInEditor {
  const sight = modelInSight(observed, offset);
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
