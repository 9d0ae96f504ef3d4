import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** The changes of a file as a patch that `patch` and `git apply` understand. */
export function unifiedDiff(name: string, before: string, after: string): string {
  return createTwoFilesPatch(name, name, before, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}
