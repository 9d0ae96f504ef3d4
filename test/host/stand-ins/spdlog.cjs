// Stands in for the native module @vscode/spdlog, which needs a C++ compiler: VS Code writes its log files and
// every output channel through it, so without one they would stay empty. Same interface, plain synchronous appends.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  #level = LEVELS.indexOf('info');
  #bare = false;

  constructor(_kind, name, file) {
    this.name = name;
    this.file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
  }

  #write(level, message) {
    if (level < this.#level) return;
    const line = this.#bare
      ? message
      : `${new Date().toISOString().replace('T', ' ').slice(0, -1)} [${LEVELS[level]}] ${message}\n`;
    try {
      fs.appendFileSync(this.file, line);
    } catch {
      // The folder may be gone while the server shuts down; a log line is not worth a crash.
    }
  }

  trace(message) {
    this.#write(0, message);
  }
  debug(message) {
    this.#write(1, message);
  }
  info(message) {
    this.#write(2, message);
  }
  warn(message) {
    this.#write(3, message);
  }
  error(message) {
    this.#write(4, message);
  }
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  clearFormatters() {
    this.#bare = true;
  }
  setPattern() {}
  flush() {}
  drop() {}
}

// One assignment each: VS Code imports this from ES modules, and Node finds the names in this form only.
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
