import { findLayer } from './layers.ts';
import { canonicalName } from './names.ts';
import { recordedAncestors } from './torchvision-data.ts';

/**
 * The canonical names of the module classes a class inherits from, nearest first and ending in
 * `torch.nn.Module`; null for a class that is neither of torch.nn nor part of a torchvision model.
 */
export function ancestorsOf(className: string): readonly string[] | null {
  return findLayer(className)?.ancestors ?? recordedAncestors.get(canonicalName(className)) ?? null;
}

/**
 * What `isinstance` says of an instance of `className`: true or false, or null where the class is unknown.
 */
export function isInstance(className: string, ofClass: string): boolean | null {
  const wanted = canonicalName(ofClass);
  if (canonicalName(className) === wanted) return true;
  return ancestorsOf(className)?.includes(wanted) ?? null;
}
