import * as vscode from 'vscode';
import type { LayerChoice } from '../editor/freeze-layers.ts';

interface LayerItem extends vscode.QuickPickItem {
  readonly choice: LayerChoice;
}

export interface LayerPick {
  readonly title: string;
  readonly picked: readonly LayerChoice[];
  /** The lines that some layers would insert, shown while they are chosen; null where the title says it all. */
  readonly preview: ((layers: readonly LayerChoice[]) => readonly string[]) | null;
}

/**
 * Lets somebody choose among the modules of a model, drawn as a tree. Enter with nothing ticked takes the entry in focus.
 * Null where it was called off.
 */
export async function pickLayers(
  choices: readonly LayerChoice[],
  { title, picked, preview }: LayerPick,
): Promise<readonly LayerChoice[] | null> {
  const pick = vscode.window.createQuickPick<LayerItem>();
  const items = choices.map((choice): LayerItem => ({ ...entry(choice), choice }));
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.items = items;
  pick.selectedItems = items.filter(({ choice }) => picked.includes(choice));
  pick.activeItems = items.slice(0, 1);
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Tick layers, or press Enter on one');
  const layersOf = (chosen: readonly LayerItem[]): LayerChoice[] => {
    const selected = pick.selectedItems.length > 0 ? pick.selectedItems : chosen;
    // In the order of the model, not of the clicks.
    return items.filter((item) => selected.includes(item)).map(({ choice }) => choice);
  };
  const show = (): void => {
    const lines = preview?.(layersOf(pick.activeItems)) ?? [];
    pick.title = lines.length > 0 ? `${title}: ${oneLine(lines)}` : title;
  };
  try {
    return await new Promise<readonly LayerChoice[] | null>((resolve) => {
      pick.onDidAccept(() => {
        const layers = layersOf(pick.activeItems);
        if (layers.length > 0) resolve(layers);
      });
      pick.onDidHide(() => resolve(null));
      pick.onDidChangeSelection(show);
      pick.onDidChangeActive(show);
      // In a list with ticks, VS Code leaves the focus where it was, maybe on an entry that the filter hides.
      pick.onDidChangeValue((value) => {
        const wanted = value.trim().toLowerCase();
        const matches = ({ label }: LayerItem): boolean => label.toLowerCase().includes(wanted);
        pick.activeItems = items.filter(matches).slice(0, 1);
        show();
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

const marks: Readonly<Record<LayerChoice['verdict'], string>> = {
  frozen: '❄',
  trainable: '●',
  mixed: '◐',
  unknown: '?',
  none: '·',
};

function entry({ name, depth, className, size, verdict }: LayerChoice): vscode.QuickPickItem {
  const states: Readonly<Record<LayerChoice['verdict'], string>> = {
    frozen: vscode.l10n.t('frozen'),
    trainable: vscode.l10n.t('trainable'),
    mixed: vscode.l10n.t('partly frozen'),
    unknown: vscode.l10n.t('unknown'),
    none: vscode.l10n.t('no parameters'),
  };
  const amount = size === null ? vscode.l10n.t('size unknown') : size.toLocaleString('en-US');
  const facts = [className, amount, states[verdict]].filter((fact) => fact !== '');
  // Ordinary blanks at the start of a label are not drawn.
  return { label: `${'\u2003'.repeat(depth)}${marks[verdict]} ${name}`, description: facts.join(' · ') };
}

/** Code in a title: as much of it as there is room for. */
function oneLine(lines: readonly string[]): string {
  const code = lines.map((line) => line.trim()).join(' ');
  return code.length <= LONGEST_TITLE ? code : `${code.slice(0, LONGEST_TITLE - 1)}…`;
}

const LONGEST_TITLE = 130;
