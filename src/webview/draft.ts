import * as v from 'valibot';

const draftSchema = v.object({
  /** Which item of which session it answers. */
  key: v.string(),
  text: v.string(),
  revision: v.number(),
});

/** A half-written answer. */
export type Draft = v.InferOutput<typeof draftSchema>;

/**
 * The draft to show for an item: what the page itself kept, which VS Code gives back after a reload, where that is newer
 * than what the extension knows; it is lost only if both are.
 */
export function newerDraft(kept: unknown, shown: Draft): Draft {
  const isNewer = v.is(draftSchema, kept) && kept.key === shown.key && kept.revision > shown.revision;
  return isNewer ? kept : shown;
}
