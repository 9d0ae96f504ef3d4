import type { Language, Tree } from 'web-tree-sitter';
import type { Comment, Span } from './syntax.ts';

/**
 * A node of tree-sitter's tree copied into a plain object, so that lowering needs no further call
 * into WebAssembly and nothing dangles once the tree is deleted. Comments and line continuations
 * are left out; plain strings have no children.
 */
export interface ConcreteNode extends Span {
  /** The grammar's name of the node; for a keyword or punctuation mark its own text. */
  readonly type: string;
  /** False for keywords and punctuation. */
  readonly named: boolean;
  readonly children: readonly ConcreteNode[];
  /** The parser invented this node to go on. */
  readonly missing: boolean;
  /** A direct child is text the grammar could not fit in; that child is in `children` as `ERROR`. */
  readonly broken: boolean;
}

/** What one walk over tree-sitter's tree yields. */
export interface ConcreteTree {
  readonly root: ConcreteNode;
  readonly comments: readonly Comment[];
  /** Spans of ERROR and MISSING nodes, in source order. */
  readonly errors: readonly Span[];
}

/** What the walk must know of each node type, by tree-sitter's numeric type. */
interface NodeType {
  readonly name: string;
  readonly named: boolean;
  /** Has no children worth a visit, which saves a call into WebAssembly. */
  readonly leaf: boolean;
  /** UTF-16 length of a keyword or punctuation mark, 0 where it must be asked for. */
  readonly length: number;
}

const leaves = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'comment',
  'line_continuation',
  'string_start',
  'string_content',
  'string_end',
  'type_conversion',
  'format_specifier',
  'import_prefix',
  'wildcard_import',
  'pass_statement',
  'break_statement',
  'continue_statement',
]);

/** tree-sitter gives ERROR nodes this number in every grammar. */
const ERROR_TYPE: NodeType = { name: 'ERROR', named: true, leaf: false, length: 0 };

const noChildren: readonly ConcreteNode[] = [];

interface GrowingNode extends ConcreteNode {
  readonly children: ConcreteNode[];
  broken: boolean;
}

/** Copies trees of one grammar. */
export class ConcreteTreeReader {
  private readonly types: readonly NodeType[];

  constructor(language: Language) {
    this.types = language.types.map((name, id) => {
      const named = language.nodeTypeIsNamed(id);
      // `not in` and `is not` may have any white space inside.
      const compound = name.includes(' ');
      return { name, named, leaf: !named || leaves.has(name), length: named || compound ? 0 : name.length };
    });
  }

  /** One pass over the whole tree, without recursion, so that depth costs no stack. */
  read(tree: Tree, text: string): ConcreteTree {
    const cursor = tree.walk();
    try {
      const sound = !tree.rootNode.hasError;
      const comments: Comment[] = [];
      const errors: Span[] = [];
      const root: GrowingNode = {
        type: cursor.nodeType,
        named: true,
        start: cursor.startIndex,
        end: cursor.endIndex,
        children: [],
        missing: false,
        broken: false,
      };
      if (root.type === 'ERROR') {
        errors.push({ start: 0, end: text.length });
      }
      if (!cursor.gotoFirstChild()) {
        return { root, comments, errors };
      }
      const ancestors: GrowingNode[] = [];
      let parent = root;
      for (;;) {
        const nodeType = this.types[cursor.nodeTypeId] ?? ERROR_TYPE;
        const start = cursor.startIndex;
        const end = sound && nodeType.length > 0 ? start + nodeType.length : cursor.endIndex;
        let descend = false;
        if (nodeType.name === 'comment') {
          comments.push(commentAt(text, start, end));
        } else if (nodeType.name !== 'line_continuation') {
          const missing = !sound && start === end && cursor.nodeIsMissing;
          if (missing || nodeType === ERROR_TYPE) {
            errors.push({ start, end });
          }
          if (nodeType === ERROR_TYPE) {
            parent.broken = true;
          }
          const { name, named } = nodeType;
          descend = !(sound && (nodeType.leaf || (name === 'string' && !isFormatString(text, start))));
          if (descend && cursor.gotoFirstChild()) {
            const node: GrowingNode = { type: name, named, start, end, children: [], missing, broken: false };
            parent.children.push(node);
            ancestors.push(parent);
            parent = node;
            continue;
          }
          parent.children.push({
            type: name,
            named,
            start,
            end,
            children: noChildren,
            missing,
            broken: false,
          });
        }
        while (!cursor.gotoNextSibling()) {
          const ancestor = ancestors.pop();
          if (ancestor === undefined || !cursor.gotoParent()) {
            return { root, comments, errors };
          }
          parent = ancestor;
        }
      }
    } finally {
      cursor.delete();
    }
  }
}

function commentAt(text: string, start: number, end: number): Comment {
  const trimmed = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return { start, end: trimmed, text: text.slice(start, trimmed) };
}

/** Whether the prefix of the string literal at `start` holds an f or a t. */
function isFormatString(text: string, start: number): boolean {
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === '"' || character === "'") {
      return false;
    }
    if (character === 'f' || character === 'F' || character === 't' || character === 'T') {
      return true;
    }
  }
  return false;
}
