import * as os from 'node:os';
import * as path from 'node:path';

/**
 * Where this user's caches live: `$XDG_CACHE_HOME` or `~/.cache` on Linux, `~/Library/Caches` on macOS,
 * `%LOCALAPPDATA%` on Windows. `FREEZELINT_CACHE` overrides it. Outside `node_modules`, so `npm ci` keeps it.
 */
export function cacheFolder(): string {
  const { FREEZELINT_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (FREEZELINT_CACHE) return path.resolve(FREEZELINT_CACHE);
  if (process.platform === 'win32') {
    return path.join(LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local'), 'freezelint', 'Cache');
  }
  // The XDG specification says that a relative path here is invalid and must be ignored.
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, 'freezelint');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'freezelint');
  return path.join(os.homedir(), '.cache', 'freezelint');
}
