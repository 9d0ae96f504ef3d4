import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openPython, openSample, untilFindings } from './findings.ts';
import { hovers } from './providers.ts';
import { until, untilActiveTab } from './until.ts';

describe('The extension', () => {
  afterEach(closeEditors);

  function extension(): vscode.Extension<unknown> {
    const found = vscode.extensions.getExtension('freezelint.freezelint');
    assert.ok(found);
    return found;
  }

  // Must be the first test of all: VS Code keeps documents open that others had open.
  it('starts with the first Python file, and loads its features with the first that uses torch', async () => {
    const loaded = countLoadedWebAssembly();
    await openPython('import os\n\nprint(os.name)\n');
    // Whatever is open by then is looked at before this settles.
    await extension().activate();
    assert.ok(extension().isActive);
    assert.equal(await hasFeatures(), false);
    assert.equal(loaded(), 0);
    const text = 'import torch\nmodel = torch.nn.Linear(2, 2)\nmodel.requires_grad = False\n';
    const { document } = await openPython(text);
    await untilFindings(document, (all) => all.length === 1);
    assert.ok(await hasFeatures());
    assert.match((await hovers(document, 'model.'))[0]?.value ?? '', /Linear/);
    assert.notEqual(loaded(), 0);
  });

  it('has a command behind every title that its manifest lists', async () => {
    // Without the features each would have a stand-in.
    assert.ok(await hasFeatures());
    const registered = new Set(await vscode.commands.getCommands());
    const listed = extension().packageJSON.contributes.commands.map(
      ({ command }: { command: string }) => command,
    ) as string[];
    assert.ok(listed.length > 0);
    assert.deepEqual(
      listed.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('has every text of its manifest', () => {
    assert.doesNotMatch(JSON.stringify(extension().packageJSON.contributes), /"%[^"]*%"/);
  });

  it('shows the page of a rule as a preview', async () => {
    await vscode.commands.executeCommand('freezelint.explainRule', 'FRZ101');
    await untilActiveTab(/FRZ101/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('shows its log', async () => {
    await vscode.commands.executeCommand('freezelint.restart');
    await vscode.commands.executeCommand('freezelint.showLog');
    const find = () => {
      const isLog = ({ document }: vscode.TextEditor) =>
        document.uri.scheme === 'output' && document.getText().includes('Restarting.');
      return vscode.window.visibleTextEditors.find(isLog);
    };
    await until(
      [vscode.window.onDidChangeVisibleTextEditors, vscode.workspace.onDidChangeTextDocument],
      find,
    );
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('takes the commands that open the study view, also for a rule', async () => {
    await vscode.commands.executeCommand('freezelint.openStudy');
    await vscode.commands.executeCommand('freezelint.learnWhy', 'FRZ101');
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  it('opens the study in an editor tab, one and no more', async () => {
    const tabs = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.includes('freezelint.studyEditor'),
        );
    await vscode.commands.executeCommand('freezelint.openStudyInEditor');
    await until(vscode.window.tabGroups.onDidChangeTabs, () => tabs()[0] ?? null);
    await vscode.commands.executeCommand('freezelint.openStudyInEditor');
    assert.equal(tabs().length, 1);
  });

  it('takes progress and cards of the study view out, and progress back', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const [progress, cards] = ['progress.json', 'cards.txt'].map((name) => {
      return vscode.Uri.joinPath(folder.uri, name);
    }) as [vscode.Uri, vscode.Uri];
    const read = async (uri: vscode.Uri): Promise<string> =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    await vscode.commands.executeCommand('freezelint.exportStudyProgress', progress);
    await vscode.commands.executeCommand('freezelint.importStudyProgress', progress);
    const before = JSON.parse(await read(progress));
    await vscode.commands.executeCommand('freezelint.exportStudyProgress', progress);
    assert.deepEqual(JSON.parse(await read(progress)).reviews, before.reviews);
    await vscode.commands.executeCommand('freezelint.exportStudyCards', cards);
    assert.match(await read(cards), /requires_grad/);
    await vscode.workspace.fs.delete(progress);
    await vscode.workspace.fs.delete(cards);
  });

  it('finds the same again after it was restarted', async () => {
    const { document } = await openSample('train.py');
    const before = await untilFindings(document, (all) => all.length === 1);
    await vscode.commands.executeCommand('freezelint.restart');
    const after = await untilFindings(document, (all) => all.length === 1);
    assert.deepEqual(after, before);
  });

  it('repairs the safe findings of the file in front by its own command', async () => {
    const { document } = await openSample('linear_probe.py');
    await untilFindings(document, (all) => all.length === 3);
    await vscode.commands.executeCommand('freezelint.fixAll');
    await untilFindings(document, (all) => all.length === 2);
  });
});

/** Whether more than the stand-ins is loaded, which do without this command: links are the only ones to use it. */
async function hasFeatures(): Promise<boolean> {
  return (await vscode.commands.getCommands()).includes('freezelint.revealCode');
}

/** Counts from now on how often anything in this extension host, which the extension shares, loads WebAssembly. */
function countLoadedWebAssembly(): () => number {
  const host = globalThis as unknown as { WebAssembly: Record<string, (...given: unknown[]) => unknown> };
  let count = 0;
  for (const name of ['compile', 'instantiate']) {
    const load = host.WebAssembly[name]!;
    host.WebAssembly[name] = (...given) => {
      count++;
      return load(...given);
    };
  }
  return () => count;
}
