import { distance } from 'fastest-levenshtein';

/** Spellings seen in public code that are further off than the allowed distance. */
const distantAttributes: ReadonlySet<string> = new Set([
  'requires_gradient',
  'requires_gradients',
  'require_gradient',
  'require_gradients',
  'required_gradient',
  'required_gradients',
  'requiresGradient',
  'requiresGrads',
  'RequiresGrad',
  'requireGrad',
  'requiredGrad',
  'need_grad',
  'needs_grad',
]);

/** Words that make a name of the same shape mean something else, as in `requires_graph`. */
const otherWords =
  /^requires?d?_(?:graph|grid|grant|read|gray|grey|gram|grab|grace|grain|brand|road|trade|great|load|head|arg|args|gpu|rank)s?$/;

/** Names close by that are torch's own, or a class's own by convention. */
const legal: ReadonlySet<string> = new Set([
  'requires_grad',
  'requires_grad_',
  'retain_grad',
  'retains_grad',
  '_requires_grad',
  '__requires_grad',
]);

/** Further than this from the right spelling, a name is taken to mean something else. */
const MAXIMUM_DISTANCE = 2;

/**
 * Whether an attribute name is a misspelt `requires_grad` (`attribute`) or `requires_grad_` (`method`), or null for
 * anything else, the right spellings included. Names with further parts, such as `requires_grad_d`,
 * `g_requires_grad` or `requires_grad2`, are somebody's own and give null.
 */
export function misspelledRequiresGrad(name: string): 'attribute' | 'method' | null {
  if (legal.has(name)) return null;
  const method = name.endsWith('_');
  const stem = method ? name.slice(0, -1) : name;
  const answer = method ? 'method' : 'attribute';
  if (distantAttributes.has(stem)) return answer;
  if (otherWords.test(stem) || /\d$/.test(stem)) return null;
  if (stem.startsWith('requires_grad_') || stem.endsWith('_requires_grad')) return null;
  return distance(stem, 'requires_grad') <= MAXIMUM_DISTANCE ? answer : null;
}
