import { canonicalName } from './names.ts';

/** Functions of torch that make a tensor out of numbers, sizes or another library's array: a leaf of every graph. */
const creating = new Set(
  `tensor as_tensor from_numpy frombuffer zeros zeros_like ones ones_like empty empty_like empty_strided full full_like
   rand rand_like randn randn_like randint randint_like randperm normal bernoulli arange range linspace logspace eye
   complex load`
    .trim()
    .split(/\s+/)
    .map((name) => `torch.${name}`),
);

/** Whether a function of torch gives a new leaf, and not a result that has its arguments in its graph. */
export const createsTensor = (qualifiedName: string): boolean =>
  creating.has(canonicalName(qualifiedName)) ||
  /^torch\.(?:cuda\.)?(?:Float|Double|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)?Tensor$/.test(
    qualifiedName,
  );

/** Data types without gradients, by their names in torch or in Python. */
const INTEGRAL = /^(?:torch\.)?(?:bool|byte|char|short|int|long|uint8|int8|int16|int32|int64)$/;

export const isIntegralType = (qualifiedName: string): boolean => INTEGRAL.test(qualifiedName);

/** Whether a function of torch makes a tensor of integers where no data type is asked for. */
export const createsIntegers = (qualifiedName: string): boolean =>
  /^torch\.(?:randint|randint_like|randperm|(?:cuda\.)?(?:Long|Int|Short|Char|Byte|Bool)Tensor)$/.test(
    qualifiedName,
  );
