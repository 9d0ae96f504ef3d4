import * as vscode from 'vscode';
import { rulesMeant } from '../project/rule-selection.ts';
import { rulePage } from '../rule-page.ts';
import type { Rule } from '../rules/rule.ts';

const scheme = 'freezelint-rule';

/** The rules' pages as read-only documents, and the command that shows one as a Markdown preview. */
export function offerRulePages(rules: readonly Rule[]): vscode.Disposable {
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent(uri) {
      const rule = rules.find(({ code }) => uri.path.startsWith(`/${code} `));
      return rule === undefined ? vscode.l10n.t('There is no such rule.') : rulePage(rule);
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    vscode.commands.registerCommand('freezelint.explainRule', async (selector?: unknown) => {
      const [named] = typeof selector === 'string' ? rulesMeant(selector, rules) : [];
      const rule = named ?? (await pickRule(rules));
      if (rule !== undefined) await showPage(rule);
    }),
  );
}

async function showPage(rule: Rule): Promise<void> {
  const uri = vscode.Uri.from({ scheme, path: `/${rule.code} ${rule.name}.md` });
  // The built-in Markdown extension can be switched off; a page's source is readable, too.
  if (vscode.extensions.getExtension('vscode.markdown-language-features') !== undefined) {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } else {
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}

async function pickRule(rules: readonly Rule[]): Promise<Rule | undefined> {
  const items = rules.map((rule) => ({
    label: rule.code,
    description: rule.name,
    detail: rule.summary,
    rule,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Explain a Freezelint rule'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.rule;
}
