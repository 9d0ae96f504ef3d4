const exitCodeHelp = `Exit codes:
  0  no finding of warning or worse
  1  at least one finding of warning or worse
  2  wrong use or configuration, a file that could not be read or whose syntax is broken
     (findings in all other files are printed all the same), or an internal error
`;

/** The help texts, by command; the empty name is for no command. */
export const helpTexts: Readonly<Record<string, string>> = {
  '': `Finds freezing bugs in PyTorch code.

Usage: freezelint COMMAND [OPTIONS]

Commands:
  check   look for freezing bugs in Python files and notebooks, and fix them
  trace   show which parameters are frozen, and which optimizer holds them
  rule    explain a rule
  deck    check decks of the study view, and try answers on them
  server  the language server, for editors to start

Options:
  -h, --help     this text, or that of a command
  -V, --version  the version

${exitCodeHelp}`,

  check: `Looks for freezing bugs in Python files and notebooks.

Usage: freezelint check [OPTIONS] [PATHS...]

PATHS are files, or folders that are searched for *.py and *.ipynb files; the current folder without any.
"-" reads stdin. In folders, .gitignore is respected, and folders such as .git, venv, node_modules,
site-packages, build and dist are left out. Settings come from [tool.freezelint] in the nearest pyproject.toml.

Options:
  --output-format FORMAT   concise (default): a line for each finding; full: with the source and the fixes;
                           json: one array on stdout; github: annotations of a workflow; sarif: SARIF 2.1.0
  --fix                    apply safe fixes; with "-" the repaired text goes to stdout, the report to stderr
  --unsafe-fixes           apply also fixes that change what is trained (implies --fix)
  --select RULES           check only these rules: codes, starts of codes, names, or ALL, separated by commas.
                           Findings of severity information and hint are shown only for selected rules,
                           except in JSON and SARIF, which have them all
  --ignore RULES           leave these rules out
  --torch-version VERSION  the PyTorch that the program runs under, where that matters (2 unless configured)
  --diff                   show what --fix would change, and change nothing; exit 1 if there is something
  --statistics             how often each rule spoke, instead of the findings (not for github and sarif)
  --exit-zero              exit 0 even with findings
  --stdin-filename NAME    the file name to report for stdin, and where its configuration is looked for;
                           a notebook if it ends in .ipynb
  --no-cache               analyse every file anew, and keep nothing in .freezelint_cache
  -h, --help               this text

${exitCodeHelp}`,

  trace: `Shows what is known about every parameter: frozen, trainable or unknown, the line that decided it, and the
optimizers that hold it. The program is not run.

Usage: freezelint trace [OPTIONS] FILES...

FILES are Python files or notebooks; "-" reads stdin. Without --line, the state is that of the global variables at the end of the program (or at the
exception that certainly ends it), then that of every function at its end, over all its calls.

Options:
  --line N                 the state just before line N, of the innermost function that holds the line;
                           in a notebook --line CELL:N
  --output-format FORMAT   text (default): a tree for each model; json: one object a line for each file
  --events                 list instead what happens in the program, in order
  --syntax-tree            print instead the syntax tree, for debugging
  --control-flow           print instead the control-flow graph, for debugging
  --stdin-filename NAME    the file name to show for stdin
  -h, --help               this text

Exit codes:
  0  every file was traced
  2  wrong use, a file that could not be read or whose syntax is broken, or no such line
     (all other files are traced all the same)
`,

  rule: `Explains a rule: what it finds, why that matters, and how to repair it.

Usage: freezelint rule [OPTIONS] CODE|NAME
       freezelint rule [OPTIONS] --all

Options:
  --all                    all rules
  --output-format FORMAT   text (default): Markdown; json
  -h, --help               this text
`,

  deck: `Works on decks of the study view (YAML files).

Usage: freezelint deck check FILES...
       freezelint deck grade [--output-format text|json] --answer TEXT FILE ITEM

check reports mistakes in decks with file, line and key, and exits 1 if there are any.
grade tells which concepts of the explain prompt ITEM an answer covers. "--answer -" reads it from stdin.

Options:
  --answer TEXT            the answer to grade
  --output-format FORMAT   text (default) or json
  -h, --help               this text

Exit codes:
  0  the decks are sound; the answer was graded
  1  a deck has mistakes
  2  wrong use, or a file that could not be read
`,

  server: `Speaks the language server protocol at stdin and stdout: diagnostics, code actions, hovers, code lenses, inlay
hints and notebooks in any editor that knows the protocol, which starts it itself. docs/editors.md shows how to set one up.

Usage: freezelint server [--stdio]

Options:
  --stdio     accepted, because it is what editors pass: there is no other way to talk
  -h, --help  this text

Settings come from the editor's section "freezelint" (enable, rules, ignore, torchVersion, hover, codeLens,
inlayHints), which override [tool.freezelint] in the nearest pyproject.toml.

Exit codes:
  0  the editor said shutdown, then exit
  1  it said exit, or went away, without shutdown
  2  wrong use
`,
};
