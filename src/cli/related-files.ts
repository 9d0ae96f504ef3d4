import type { Problem, Related } from '../lint.ts';

export type RelatedFile = NonNullable<Related['file']>;

/** The problem with `change` made to the files of its related places that are in other files than it. */
export function withRelatedFiles(problem: Problem, change: (file: RelatedFile) => RelatedFile): Problem {
  return {
    ...problem,
    related: problem.related.map((place) => (place.file ? { ...place, file: change(place.file) } : place)),
  };
}
