/** What a statement sets an attribute on, described for the rules. */

import { findMember } from '../calls/python-classes.ts';
import type { Receiver } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import { evidenceKey } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import type { Value } from '../state/values.ts';

const NOTHING: Receiver = {
  what: 'unknown',
  certain: false,
  identity: null,
  className: '',
  atoms: [],
  complete: false,
  origin: null,
  computedAt: null,
  ownAttribute: false,
  flagBefore: 0,
};

/** Describes the object that `attribute` is set on or called on. */
export function describeReceiver(run: Interpreter, value: Value, attribute: string): Receiver {
  const described = describeValue(run, value, attribute);
  const { what, certain } = described;
  // Where another framework is imported too, an unknown object may be one of its layers or tensors.
  const isOpen = what === 'unknown' || (what === 'module' && !certain);
  return isOpen && run.hasOtherFramework ? { ...described, what: 'library' } : described;
}

function describeValue(run: Interpreter, value: Value, attribute: string): Receiver {
  switch (value.kind) {
    case 'parameter':
    case 'someParameter': {
      const atoms = value.kind === 'parameter' ? run.atoms.leaves(value.atom) : value.atoms;
      const flagBefore = atoms.reduce((bits, atom) => bits | run.state.flag(atom).bits, 0);
      return { ...NOTHING, what: 'parameter', certain: true, atoms, complete: true, flagBefore };
    }
    case 'tensor': {
      const of = value.of ? describeReceiver(run, value.of, attribute) : NOTHING;
      const { atoms, flagBefore } = of;
      const computedAt = value.graph?.kind === 'attached' ? value.graph.at : null;
      return {
        ...NOTHING,
        what: 'tensor',
        certain: true,
        atoms,
        origin: value.origin,
        computedAt,
        flagBefore,
      };
    }
    case 'tuple':
      return { ...NOTHING, what: 'collection', certain: true, className: 'tuple' };
    case 'external':
      return { ...NOTHING, what: 'library', className: value.path };
    case 'method':
      return describeReceiver(run, value.receiver, attribute).what === 'tensor'
        ? { ...NOTHING, what: 'unknown' }
        : NOTHING;
    case 'reference':
      return describeObject(run, value, attribute);
    default:
      return NOTHING;
  }
}

function describeObject(run: Interpreter, value: Value & { kind: 'reference' }, attribute: string): Receiver {
  const object = run.object(value);
  switch (object?.kind) {
    case 'module': {
      const { may } = atomsBelow(run, value.id);
      const flagBefore = may.reduce((bits, atom) => bits | run.state.flag(atom).bits, 0);
      return {
        what: 'module',
        certain: object.certain,
        identity: evidenceKey(value.id, object),
        className: object.className,
        atoms: may,
        complete: object.opaque === null,
        origin: null,
        computedAt: null,
        ownAttribute: object.info !== null && findMember(object.info, attribute) !== null,
        flagBefore,
      };
    }
    case 'optimizer':
      return { ...NOTHING, what: 'optimizer', certain: true, className: object.className };
    case 'list':
    case 'dictionary':
      return { ...NOTHING, what: 'collection', certain: true, className: object.kind };
    case 'iterator':
      return { ...NOTHING, what: 'iterator', certain: true };
    case 'instance': {
      const ownAttribute = object.info !== null && findMember(object.info, attribute) !== null;
      return { ...NOTHING, what: 'instance', certain: object.complete, ownAttribute };
    }
    default:
      return NOTHING;
  }
}
