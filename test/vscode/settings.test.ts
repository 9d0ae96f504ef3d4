import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openPython, openSample, ruleCode, untilFindings } from './findings.ts';
import { set } from './providers.ts';

describe('Settings', () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    ({ document } = await openSample('train.py'));
    const [found] = await untilFindings(document, (all) => all.length === 1);
    assert.equal(ruleCode(found!), 'FRZ101');
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
  });
  afterEach(async () => {
    for (const name of ['enable', 'rules', 'ignore', 'torchVersion']) await set(name, undefined);
    await vscode.workspace.fs.delete(pyproject()).then(undefined, () => undefined);
    await closeEditors();
  });

  function pyproject(): vscode.Uri {
    return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'pyproject.toml');
  }

  function writePyproject(lines: readonly string[]): Thenable<void> {
    return vscode.workspace.fs.writeFile(pyproject(), new TextEncoder().encode(`${lines.join('\n')}\n`));
  }

  it('make a rule milder, at once', async () => {
    await set('rules', { FRZ101: 'warning' });
    await untilFindings(document, ([found]) => found?.severity === vscode.DiagnosticSeverity.Warning);
    await set('rules', { FRZ101: 'hint' });
    await untilFindings(document, ([found]) => found?.severity === vscode.DiagnosticSeverity.Hint);
  });

  it('switch a rule off and on again', async () => {
    await set('rules', { FRZ101: 'off' });
    await untilFindings(document, (all) => all.length === 0);
    await set('rules', undefined);
    await untilFindings(document, (all) => all.length === 1);
  });

  it('ignore a rule by its code', async () => {
    await set('ignore', ['FRZ101']);
    await untilFindings(document, (all) => all.length === 0);
  });

  it('name the PyTorch that the code runs under', async () => {
    const { document: schedule } = await openPython(`import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(10):
    if epoch == 5:
        for param in model[0].parameters():
            param.requires_grad = False
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`);
    const isStale = (found: vscode.Diagnostic): boolean => ruleCode(found) === 'FRZ407';
    await set('torchVersion', '1.13');
    await untilFindings(schedule, (all) => all.some(isStale));
    await set('torchVersion', '2.4');
    await untilFindings(schedule, (all) => !all.some(isStale));
  });

  it('switch the extension off and on again', async () => {
    await set('enable', false);
    await untilFindings(document, (all) => all.length === 0);
    await set('enable', undefined);
    await untilFindings(document, (all) => all.length === 1);
  });

  it('are also read from pyproject.toml, as soon as it is written', async () => {
    await writePyproject(['[tool.freezelint.severity]', 'FRZ101 = "information"']);
    await untilFindings(document, ([found]) => found?.severity === vscode.DiagnosticSeverity.Information);
    await writePyproject(['[tool.freezelint]', 'ignore = ["FRZ101"]']);
    await untilFindings(document, (all) => all.length === 0);
  });

  it('of pyproject.toml may exclude the file, or a rule in it', async () => {
    await writePyproject(['[tool.freezelint]', 'exclude = ["train.py"]']);
    await untilFindings(document, (all) => all.length === 0);
    await writePyproject(['[tool.freezelint]']);
    await untilFindings(document, (all) => all.length === 1);
    await writePyproject(['[tool.freezelint.per-file-ignores]', '"tr*.py" = ["FRZ101"]']);
    await untilFindings(document, (all) => all.length === 0);
  });

  it('hold for one folder of a workspace of several, those of VS Code and pyproject.toml alike', async () => {
    const second = vscode.workspace.workspaceFolders?.[1];
    assert.ok(second);
    const [file, project] = ['train.py', 'pyproject.toml'].map((name) => {
      return vscode.Uri.joinPath(second.uri, name);
    }) as [vscode.Uri, vscode.Uri];
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(document.getText()));
    const { document: other } = await vscode.window.showTextDocument(file);
    await untilFindings(other, (all) => all.length === 1);
    const settings = vscode.workspace.getConfiguration('freezelint', second.uri);
    const folder = vscode.ConfigurationTarget.WorkspaceFolder;
    await settings.update('rules', { FRZ101: 'hint' }, folder);
    await untilFindings(other, ([found]) => found?.severity === vscode.DiagnosticSeverity.Hint);
    await settings.update('rules', undefined, folder);
    await untilFindings(other, ([found]) => found?.severity === vscode.DiagnosticSeverity.Error);
    await vscode.workspace.fs.writeFile(
      project,
      new TextEncoder().encode('[tool.freezelint]\nignore = ["FRZ101"]\n'),
    );
    await untilFindings(other, (all) => all.length === 0);
    const [found] = await untilFindings(document, (all) => all.length === 1);
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
    await vscode.workspace.fs.delete(project);
    await untilFindings(other, (all) => all.length === 1);
  });

  it('of the editor win over pyproject.toml', async () => {
    await writePyproject(['[tool.freezelint.severity]', 'FRZ101 = "off"']);
    await untilFindings(document, (all) => all.length === 0);
    await set('rules', { FRZ101: 'warning' });
    await untilFindings(document, ([found]) => found?.severity === vscode.DiagnosticSeverity.Warning);
  });
});
