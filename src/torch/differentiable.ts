/** Operations on tensors that gradients pass, by the name of the method or function. */

/**
 * From the list of differentiable operations in PyTorch's `derivatives.yaml`: those that programs use most, give one
 * new tensor, and record a graph whenever their input asks for a gradient. Names that also mean something else are
 * left out.
 */
const OPERATIONS = new Set(
  `abs add addmm avg_pool2d bmm conv1d conv2d cos cosh cross_entropy div einsum elu exp expand expand_as gelu
   layer_norm leaky_relu linear log log1p log_softmax logsumexp matmul mean mm mse_loss mul narrow neg nll_loss norm
   permute pow prod relu repeat reshape rsqrt select sigmoid silu sin sinh softmax softplus sqrt square squeeze sub sum
   swapaxes t tan tanh tile transpose unsqueeze view view_as`.split(/\s+/),
);

/** Those that may give back their input itself, which for a Parameter is a leaf. */
const PERHAPS_THE_SAME = new Set('contiguous cuda double dropout flatten float half'.split(' '));

/** Whether the result of a method of Tensor or a function of torch is part of the graph of its input. */
export const passesGradients = (name: string, ofComputed = false): boolean =>
  OPERATIONS.has(name) || (ofComputed && PERHAPS_THE_SAME.has(name));
