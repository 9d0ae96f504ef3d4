import path from 'node:path';
import type { Snapshot } from '../analysis/places/snapshot.ts';
import type { Trace } from '../analysis/trace.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module, Span } from '../python/syntax.ts';
import { type Location, locationOf, type Places } from './places.ts';

/** A line as people count it: from 1, in a notebook within a cell, whose number counts Markdown cells too. */
export interface Line {
  readonly cell: number | null;
  readonly row: number;
}

/** A file as the analysis sees it, and what was asked of it. */
export interface TracedFile {
  readonly filename: string;
  /** Other files are named as one would in this folder. */
  readonly workingFolder: string;
  readonly module: Module;
  readonly places: Places;
  readonly trace: Trace;
  /** What was asked for; null for the end of the program. */
  readonly line: Line | null;
  /** The function that holds the line; null for the top level. */
  readonly scope: string | null;
  /** Null where the place is never reached. */
  readonly snapshot: Snapshot | null;
}

/** Where a span is, as people count, and in which file: the traced one or one that it imports. */
export function placeOf(traced: TracedFile, span: Span): Location & { readonly filename: string } {
  const place = traced.trace.locate(span);
  if (!place) return { filename: traced.filename, ...traced.places.locations(span).location };
  const filename = path.relative(traced.workingFolder, place.file.path);
  return { filename, ...locationOf(place.span.start, new LineIndex(place.file.text)) };
}
