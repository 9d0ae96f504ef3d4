import * as vscode from 'vscode';
import { modelInSight, type Sight } from '../../editor/model-in-sight.ts';
import { foldModel } from '../../learn/visualize/fold-model.ts';
import type { ModelInEditor } from '../../learn/visualize/visualize.ts';
import type { ObservedPrograms } from '../observed-programs.ts';
import type { ProgramDocuments } from '../program-documents.ts';
import { nameOfPlace } from '../wording.ts';

/** The model of the Python file or notebook that the learner used last, at its cursor; or why there is none. */
export async function modelInEditor(programs: ObservedPrograms): Promise<ModelInEditor> {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor = [activeTextEditor, ...visibleTextEditors].find(
    (each) => each?.document.languageId === 'python',
  );
  if (editor === undefined) return { problem: vscode.l10n.t('No Python file is open in an editor.') };
  const { document, selection } = editor;
  const name = document.uri.path.split('/').at(-1) ?? '';
  const known = await programs.of(document);
  if (known === null) {
    return { problem: vscode.l10n.t('{0} has nothing to do with PyTorch that Freezelint could see.', name) };
  }
  const sight = modelInSight(known.observed, known.documents.offsetOf(document, selection.active));
  const folded = sight && foldModel(sight.snapshot);
  if (!sight || !folded) {
    return {
      problem: vscode.l10n.t(
        'Freezelint knows no model in {0}: none is built there, or it comes from code that Freezelint does not see.',
        name,
      ),
    };
  }
  return { ...folded, where: `${name}, ${placeOf(known.documents, sight)}` };
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
