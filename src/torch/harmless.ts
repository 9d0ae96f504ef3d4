import { canonicalName } from './names.ts';

/**
 * A call that changes no `requires_grad`, no membership of modules, parameters or optimizers, and keeps no hold on
 * what it is given that could do so later.
 */
export interface HarmlessCall {
  /** True if it runs through an iterator passed to it, which is then used up. */
  readonly consumesIterator: boolean;
  /**
   * False if it runs the model in eval mode and afterwards puts the *root's* mode on every module, so that the
   * mode of single modules may be lost.
   */
  readonly keepsMode: boolean;
}

const quiet: HarmlessCall = { consumesIterator: false, keepsMode: true };
const consuming: HarmlessCall = { consumesIterator: true, keepsMode: true };
const modal: HarmlessCall = { consumesIterator: false, keepsMode: false };

const words = (text: string) => text.trim().split(/\s+/);
const table = (facts: HarmlessCall, names: string): [string, HarmlessCall][] =>
  words(names).map((name) => [name, facts]);

const calls: ReadonlyMap<string, HarmlessCall> = new Map([
  ...table(
    quiet,
    `print len isinstance issubclass id type str repr hasattr callable bool int float abs round hash dir format
     input open pprint.pprint super help`,
  ),
  ...table(consuming, 'sum max min any all sorted'),
  // The values change, not the flags; torch.nn.init works under no_grad.
  ...table(
    consuming,
    `torch.nn.utils.clip_grad_norm_ torch.nn.utils.clip_grad_norm torch.nn.utils.clip_grad_value_
     torch.nn.utils.parameters_to_vector torch.nn.utils.vector_to_parameters torch.nn.utils.get_total_norm
     torch.nn.utils.clip_grads_with_norm_ timm.utils.dispatch_clip_grad timm.utils.clip_grad.dispatch_clip_grad
     apex.amp.master_params torch_ema.ExponentialMovingAverage diffusers.training_utils.EMAModel`,
  ),
  ...table(
    quiet,
    `torch.save torch.load torch.nn.Parameter
     torch.nn.parallel.data_parallel torch.utils.checkpoint.checkpoint torch.utils.checkpoint.checkpoint_sequential
     torch.autograd.backward torch.autograd.grad torch.autograd.Variable
     torch.utils.data.DataLoader torch.cuda.amp.GradScaler torch.amp.GradScaler
     torch.distributed.init_process_group torch.distributed.destroy_process_group torch.distributed.barrier
     torch.distributed.all_reduce torch.distributed.broadcast torch.distributed.all_gather
     torch.distributed.get_rank torch.distributed.get_world_size torch.distributed.is_initialized
     torch.distributed.is_available torch.utils.tensorboard.SummaryWriter tensorboardX.SummaryWriter
     torchsummary.summary torchsummaryX.summary torchviz.make_dot fvcore.nn.parameter_count
     fvcore.nn.parameter_count_table prettytable.PrettyTable
     safetensors.torch.save_model safetensors.torch.save_file safetensors.torch.load_file
     safetensors.torch.load_model huggingface_hub.save_torch_model
     wandb.init wandb.log wandb.watch wandb.unwatch wandb.save wandb.finish wandb.Image wandb.Artifact
     mlflow.log_metric mlflow.log_metrics mlflow.log_param mlflow.log_params mlflow.pytorch.log_model mlflow.start_run
     accelerate.Accelerator transformers.set_seed lightning.pytorch.seed_everything evaluate.load`,
  ),
  ...table(
    modal,
    `torchinfo.summary torch.onnx.export torch.onnx.dynamo_export thop.profile ptflops.get_model_complexity_info
     fvcore.nn.FlopCountAnalysis fvcore.nn.flop_count calflops.calculate_flops`,
  ),
]);

/** Whole packages whose functions never reach into a module: they get numbers, arrays, paths or text. */
const quietPackages =
  /^(?:math|random|time|datetime|json|csv|re|os|sys|shutil|pathlib|glob|logging|warnings|argparse|string|textwrap|uuid|gc|inspect|numbers|statistics|numpy|pandas|scipy|sklearn\.metrics|matplotlib|seaborn|PIL|cv2|skimage|albumentations|torchvision\.(?:transforms|datasets|utils|io)|torchmetrics|nltk|loguru|colorama|tabulate|termcolor|rich\.(?:print|console|table))\./;

/** Functions over tensors; the values may change, flags and membership do not. */
const tensorFunctions =
  /^torch\.(?:[a-z_][a-z0-9_]*|(?:nn\.init|nn\.functional|linalg|fft|special|random|cuda|backends|mps|version|cpu)\.\w[\w.]*)$/;

/** Top-level names of torch that do more than compute (or that the analysis treats itself). */
const notMereTensorFunctions: ReadonlySet<string> = new Set(
  words(`torch.compile torch.detach_ torch.set_grad_enabled torch.no_grad torch.enable_grad torch.inference_mode
    torch.vmap torch.func torch.jit torch.fx torch.export torch.quantization torch.utils torch.nn torch.optim
    torch.autograd torch.distributed torch.hub torch.multiprocessing torch.package torch.ao torch.onnx
    torch.cuda.amp torch.cuda.make_graphed_callables torch.cuda.graph torch.nn.functional torch.nn.init`),
);

/**
 * Facts of a harmless function or class by its qualified name (builtins by their bare name or with
 * `builtins.`), or null: the call may do anything.
 */
export function harmlessCall(qualifiedName: string): HarmlessCall | null {
  const canonical = canonicalName(qualifiedName.replace(/^builtins\./, ''));
  const known = calls.get(canonical);
  if (known !== undefined) return known;
  if (quietPackages.test(canonical)) return quiet;
  if (notMereTensorFunctions.has(canonical) || canonical.startsWith('torch.cuda.amp.')) return null;
  return tensorFunctions.test(canonical) ? quiet : null;
}

/** What a method is called on: a module, a tensor or parameter, an optimizer, or anything else (a logger, a scaler). */
export type Receiver = 'module' | 'tensor' | 'optimizer' | 'other';

const moduleMethods: ReadonlyMap<string, HarmlessCall> = new Map([
  ...table(
    quiet,
    `state_dict load_state_dict to cuda cpu half float double bfloat16 type share_memory to_empty ipu xpu
     zero_grad buffers named_buffers get_buffer register_buffer extra_repr get_extra_state set_extra_state
     register_forward_hook register_forward_pre_hook register_full_backward_hook
     register_full_backward_pre_hook register_backward_hook register_state_dict_pre_hook
     register_load_state_dict_post_hook reset_parameters _get_name compile flatten_parameters
     save_pretrained push_to_hub num_parameters get_memory_footprint print_trainable_parameters generate
     gradient_checkpointing_enable gradient_checkpointing_disable enable_input_require_grads
     no_sync log log_dict print save_hyperparameters`,
  ),
  // Traces in eval mode and puts the root's mode back on all modules.
  ...table(modal, 'to_onnx to_torchscript'),
]);

const tensorMethods: ReadonlyMap<string, HarmlessCall> = new Map([
  ...table(
    quiet,
    `numel nelement size dim ndimension item tolist numpy stride storage data_ptr element_size is_contiguous
     is_floating_point is_complex get_device storage_offset untyped_storage
     sum mean std var norm abs max min argmax argmin any all prod sqrt pow exp log sigmoid tanh softmax relu clamp
     add sub mul div matmul mm bmm t transpose permute view reshape flatten squeeze unsqueeze expand repeat chunk split
     contiguous eq ne lt le gt ge isnan isinf isfinite allclose equal
     copy_ fill_ zero_ one_ normal_ uniform_ random_ add_ sub_ mul_ div_ clamp_ clamp_min_ clamp_max_ pow_ sqrt_
     exp_ lerp_ addcmul_ addcdiv_ masked_fill_ index_fill_ index_copy_ index_add_ scatter_ trunc_normal_ xavier_uniform_
     kaiming_normal_ bernoulli_ exponential_ cauchy_ geometric_ log_normal_ round_ floor_ neg_ abs_ renorm_
     backward register_hook retain_grad record_stream share_memory_ is_shared
     to cuda cpu half float double bfloat16 int long bool type type_as clone new_zeros new_ones new_tensor new_empty
     new_full element_size pin_memory`,
  ),
]);

const optimizerMethods: ReadonlyMap<string, HarmlessCall> = new Map(
  table(
    quiet,
    `step zero_grad state_dict load_state_dict register_step_pre_hook register_step_post_hook train eval
     consolidate_state_dict`,
  ),
);

const otherMethods: ReadonlyMap<string, HarmlessCall> = new Map([
  ...table(
    quiet,
    `debug info warning warn error exception critical success
     add_scalar add_scalars add_histogram add_image add_images add_figure add_text add_hparams add_embedding flush
     log_metric log_metrics log_dict log_params log_hyperparams log_artifact set_description set_postfix set_postfix_str
     scale unscale_ get_last_lr get_lr
     watch write writelines writerow save_checkpoint wait_for_everyone save_model autocast`,
  ),
  // Accelerator and Fabric: the same as the functions of torch.nn.utils.
  ...table(consuming, 'clip_grad_norm_ clip_grad_value_ clip_grad_norm clip_gradients'),
  ...table(modal, 'add_graph'),
]);

/** The methods of a tensor that change its flag or run code of the caller's; all others only compute or copy. */
const changingTensorMethods: ReadonlySet<string> = new Set(
  words('requires_grad_ detach_ set_ apply_ map_ map2_ as_subclass register_post_accumulate_grad_hook'),
);

const methods: Readonly<Record<Receiver, ReadonlyMap<string, HarmlessCall>>> = {
  module: moduleMethods,
  tensor: tensorMethods,
  optimizer: optimizerMethods,
  other: otherMethods,
};

/**
 * Facts of a harmless method, both for what it is called on and for what it is given, or null. Where the
 * receiver is unknown, leave it out: the method must then be harmless on every kind that has it. A tensor's methods
 * are a closed set, so on a tensor everything is harmless that is not known to change something.
 */
export function harmlessMethod(methodName: string, receiver?: Receiver): HarmlessCall | null {
  if (receiver === 'tensor') {
    return changingTensorMethods.has(methodName) || methodName.startsWith('__') ? null : quiet;
  }
  if (receiver !== undefined) return methods[receiver].get(methodName) ?? null;
  if (dangerousSomewhere.has(methodName)) return null;
  const found = Object.values(methods).flatMap((known) => known.get(methodName) ?? []);
  if (found.length === 0) return null;
  return {
    consumesIterator: found.some((facts) => facts.consumesIterator),
    keepsMode: found.every((facts) => facts.keepsMode),
  };
}

/** Whether tensors certainly have a method of this name: any other name may be data, such as `is_leaf` or `grad`. */
export const isTensorMethod = (name: string): boolean =>
  tensorMethods.has(name) || changingTensorMethods.has(name) || name === 'detach';

/** Harmless on one kind of receiver, but the name changes modes or membership on another (or in user code). */
const dangerousSomewhere: ReadonlySet<string> = new Set(
  words('train eval compile split add print save_model autocast scale log generate watch'),
);

const selfReturning: ReadonlySet<string> = new Set(
  words(
    `to cuda cpu xpu ipu half float double bfloat16 type apply share_memory to_empty eval train requires_grad_`,
  ),
);

/** True if `nn.Module.methodName(...)` returns the module itself. Tensors differ: there only `requires_grad_` does. */
export function returnsSelf(methodName: string): boolean {
  return selfReturning.has(methodName);
}

/**
 * True if iterating over the call's result is iterating over its first argument, element by element, as with a
 * progress bar.
 */
export function iteratesItsArgument(qualifiedName: string): boolean {
  return /^(?:tqdm(?:\.(?:auto|notebook|std|rich|asyncio))?\.(?:tqdm|trange|tqdm_notebook)|tqdm|rich\.progress\.track|fastprogress(?:\.fastprogress)?\.progress_bar|alive_progress\.alive_it)$/.test(
    qualifiedName,
  );
}
