/**
 * The control-flow graph of a program, one for the top level and one for every function: for debugging and for
 * those who want to see why a state is a join. The analysis itself follows the syntax tree.
 */
import { functionsByName } from './functions.ts';
import { LineIndex } from './positions.ts';
import type { Module, Statement, Try } from './syntax.ts';

export interface FlowEdge {
  /** When it is taken: `true`, `next item`, `exception`...; '' where always. */
  readonly label: string;
  readonly to: FlowBlock;
}

/** Statements that run one after the other; of a compound statement only the header. */
export interface FlowBlock {
  readonly id: number;
  readonly statements: readonly Statement[];
  readonly edges: readonly FlowEdge[];
}

export interface FlowGraph {
  /** '' for the top level. */
  readonly name: string;
  readonly entry: FlowBlock;
  readonly exit: FlowBlock;
  /** Those that can be reached, in source order, without the exit. */
  readonly blocks: readonly FlowBlock[];
}

interface Building extends FlowBlock {
  readonly statements: Statement[];
  readonly edges: FlowEdge[];
}

interface Loop {
  readonly next: Building;
  readonly after: Building;
  /** How many `finally` blocks enclose it. */
  readonly cleanups: number;
}

/** A `finally` block, and where control goes from its end by what sent it there. */
interface Cleanup {
  readonly block: Building;
  readonly goesOn: Map<string, Building>;
}

/** Builds the graph of one body. Null as the present block means that no path leads on. */
class FlowBuilder {
  readonly blocks: Building[] = [];
  readonly entry = this.#block();
  readonly exit = this.#block();
  #present: Building | null = this.entry;
  #loops: Loop[] = [];
  /** Where exceptions go, innermost last. */
  #handlers: Building[] = [];
  #cleanups: Cleanup[] = [];

  #block(): Building {
    const block: Building = { id: this.blocks.length, statements: [], edges: [] };
    this.blocks.push(block);
    return block;
  }

  #link(from: Building | null, to: Building, label = ''): void {
    if (!from || from.edges.some((edge) => edge.to === to && edge.label === label)) return;
    from.edges.push({ label, to });
  }

  /** A block for the header of a compound statement. */
  #header(statement: Statement): Building {
    const header = this.#block();
    this.#link(this.#present, header);
    header.statements.push(statement);
    this.#throw(header);
    return header;
  }

  #throw(from: Building): void {
    const handler = this.#handlers.at(-1);
    if (handler) this.#link(from, handler, 'exception');
  }

  /** Runs statements in a new block that `from` leads to; returns where they end. */
  #arm(from: Building, label: string, statements: readonly Statement[]): Building | null {
    const start = this.#block();
    this.#link(from, start, label);
    this.#present = start;
    this.run(statements);
    return this.#present;
  }

  #meet(...ends: readonly (Building | null)[]): void {
    const open = ends.filter((end) => end !== null);
    if (open.length === 0) {
      this.#present = null;
      return;
    }
    const meeting = this.#block();
    for (const end of open) this.#link(end, meeting);
    this.#present = meeting;
  }

  run(statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (!this.#present) return;
      this.#statement(statement);
    }
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'if': {
        const header = this.#header(statement);
        const yes = this.#arm(header, 'true', statement.body);
        const no = this.#arm(header, 'false', statement.orelse);
        this.#meet(yes, no);
        return;
      }
      case 'for':
      case 'while': {
        const header = this.#header(statement);
        const after = this.#block();
        this.#loops.push({ next: header, after, cleanups: this.#cleanups.length });
        const [enters, leaves] =
          statement.kind === 'for' ? ['next item', 'no more items'] : ['true', 'false'];
        this.#link(this.#arm(header, enters ?? '', statement.body), header);
        this.#loops.pop();
        const rest = this.#arm(header, leaves ?? '', statement.orelse);
        if (rest) this.#link(rest, after);
        this.#present = after;
        return;
      }
      case 'with': {
        const header = this.#header(statement);
        this.#present = this.#arm(header, '', statement.body);
        return;
      }
      case 'match': {
        const header = this.#header(statement);
        const ends = statement.cases.map(({ body }, index) => this.#arm(header, `case ${index + 1}`, body));
        const isTotal = statement.cases.some(({ irrefutable, guard }) => irrefutable && !guard);
        this.#meet(...ends, isTotal ? null : this.#arm(header, 'no case', []));
        return;
      }
      case 'try':
        this.#try(statement);
        return;
      default:
        this.#simple(statement);
    }
  }

  #try(statement: Try): void {
    const cleanup: Cleanup | null =
      statement.finalbody.length > 0 ? { block: this.#block(), goesOn: new Map() } : null;
    const caught = statement.handlers.length > 0 ? this.#block() : null;
    if (cleanup) {
      this.#handlers.push(cleanup.block);
      this.#cleanups.push(cleanup);
    }
    if (caught) this.#handlers.push(caught);
    const start = this.#block();
    this.#link(this.#present, start);
    this.#present = start;
    this.run(statement.body);
    if (caught) this.#handlers.pop();
    this.run(statement.orelse);
    const ends: (Building | null)[] = [this.#present];
    if (caught) {
      for (const { type, body } of statement.handlers) {
        ends.push(this.#arm(caught, type ? 'caught' : 'anything else', body));
      }
      const catchesAll = statement.handlers.some(({ type }) => type === null);
      if (!catchesAll) this.#link(caught, this.#handlers.at(-1) ?? this.exit, 'not caught');
    }
    if (!cleanup) {
      this.#meet(...ends);
      return;
    }
    this.#handlers.pop();
    this.#cleanups.pop();
    for (const end of ends) this.#link(end, cleanup.block);
    this.#present = cleanup.block;
    this.run(statement.finalbody);
    if (!this.#present) return;
    this.#link(this.#present, this.#handlers.at(-1) ?? this.exit, 'exception goes on');
    for (const [label, target] of cleanup.goesOn) this.#link(this.#present, target, `${label} goes on`);
    if (ends.some((end) => end !== null)) this.#meet(this.#present);
    else this.#present = null;
  }

  /** Leaves for `target` through the `finally` blocks on the way, of which the outer `kept` are not left. */
  #leave(from: Building, label: string, target: Building, kept: number): void {
    let destination = target;
    for (const { block, goesOn } of this.#cleanups.slice(kept)) {
      goesOn.set(label, destination);
      destination = block;
    }
    this.#link(from, destination, label);
  }

  #simple(statement: Statement): void {
    const present = this.#present;
    if (!present) return;
    present.statements.push(statement);
    if (statement.kind === 'classDefinition') this.run(statement.body);
    this.#throw(present);
    const loop = this.#loops.at(-1);
    switch (statement.kind) {
      case 'return':
        this.#leave(present, 'return', this.exit, 0);
        break;
      case 'raise':
        if (this.#handlers.length === 0) this.#link(present, this.exit, 'exception');
        break;
      case 'break':
        if (loop) this.#leave(present, 'break', loop.after, loop.cleanups);
        break;
      case 'continue':
        if (loop) this.#leave(present, 'continue', loop.next, loop.cleanups);
        break;
      default:
        return;
    }
    this.#present = null;
  }

  finish(name: string): FlowGraph {
    this.#link(this.#present, this.exit);
    for (const block of this.blocks) {
      for (const [index, edge] of block.edges.entries()) {
        block.edges[index] = { ...edge, to: this.#skipEmpty(edge.to) };
      }
    }
    const entry = this.#skipEmpty(this.entry);
    const reached = new Set<FlowBlock>();
    const pending = [entry];
    for (let block = pending.pop(); block; block = pending.pop()) {
      if (reached.has(block)) continue;
      reached.add(block);
      pending.push(...block.edges.map(({ to }) => to));
    }
    const start = (block: FlowBlock): number => block.statements[0]?.start ?? Number.POSITIVE_INFINITY;
    const blocks = this.blocks
      .filter((block) => block !== this.exit && reached.has(block))
      .sort((a, b) => start(a) - start(b));
    return { name, entry, exit: this.exit, blocks };
  }

  /** Where control goes on from a block that holds nothing and decides nothing. */
  #skipEmpty(block: FlowBlock): FlowBlock {
    const seen = new Set<FlowBlock>();
    let next = block;
    while (next.statements.length === 0 && next.edges.length === 1 && !seen.has(next)) {
      const [edge] = next.edges;
      if (edge?.label !== '') break;
      seen.add(next);
      next = edge.to;
    }
    return next;
  }
}

/** The graphs of the top level and of every function, in source order. */
function controlFlow(module: Module): readonly FlowGraph[] {
  const build = (body: readonly Statement[], name: string): FlowGraph => {
    const builder = new FlowBuilder();
    builder.run(body);
    return builder.finish(name);
  };
  const functions = [...functionsByName(module)].flatMap(([name, definitions]) =>
    definitions.map(({ body }) => build(body, name)),
  );
  return [build(module.body, ''), ...functions];
}

const maximumSourceLength = 60;

/** The graphs as text: for each block its number, what it runs, and where control goes from there. */
export function controlFlowText(module: Module): string {
  const lines = new LineIndex(module.text);
  const rows: string[] = [];
  for (const { name, exit, blocks } of controlFlow(module)) {
    rows.push(`${name === '' ? 'top level' : `def ${name}`}\n`);
    const numbers = new Map(blocks.map((block, index) => [block, String(index + 1)]));
    numbers.set(exit, 'end');
    for (const block of blocks) {
      rows.push(`  ${numbers.get(block)}:\n`);
      for (const { start, end } of block.statements) {
        const [first = ''] = module.text.slice(start, end).split(/\r?\n/);
        const shown =
          first.length > maximumSourceLength ? `${first.slice(0, maximumSourceLength - 1)}…` : first;
        rows.push(`     line ${lines.positionAt(start).row + 1}  ${shown}\n`);
      }
      for (const { label, to } of block.edges) {
        rows.push(`     → ${numbers.get(to)}${label === '' ? '' : ` (${label})`}\n`);
      }
    }
  }
  return rows.join('');
}
