// Loaded before the suites, which need mocha's globals while they are read.
import 'mocha/mocha.js';
import { LINE_MARK } from '../../host/line-marks.ts';

// There is no terminal here, and VS Code passes each line on with what it is to be formatted with.
Mocha.reporters.Base.useColors = false;
Mocha.reporters.Base.consoleLog = (line = '', ...values: unknown[]) =>
  console.log(LINE_MARK + line, ...values);
mocha.setup({ ui: 'bdd', reporter: 'spec', timeout: 120_000, forbidOnly: true, forbidPending: true });
