import recorded from './names.json' with { type: 'json' };

/** public package -> module or second package -> names */
const packages = recorded as unknown as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const publicNames: ReadonlyMap<string, string> = new Map(
  Object.entries(packages).flatMap(([publicPackage, modules]) =>
    Object.entries(modules).flatMap(([module, names]) =>
      names.map((name): [string, string] => [`${module}.${name}`, `${publicPackage}.${name}`]),
    ),
  ),
);

/**
 * Spellings the recording cannot know: PyTorch newer than 1.13 (its documentation, 2.9) and libraries that
 * export at the top what they define below (their documentation and source). `$1` is the last name.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^torch\.nn\.modules\.(?:\w+\.)?(RMSNorm|LPPool3d|CircularPad\dd|ZeroPad[13]d)\b/, 'torch.nn.$1'],
  [/^torch\.optim\.(?!lr_scheduler\.|swa_utils\.)\w+\.([A-Z]\w*)/, 'torch.optim.$1'],
  // Renamed in 2.0; the old name stays as an alias.
  [/^torch\.optim\.lr_scheduler\._LRScheduler\b/, 'torch.optim.lr_scheduler.LRScheduler'],
  [/^torch\.distributed\.fsdp\.(?:\w+\.)+([A-Z]\w*|fully_shard)/, 'torch.distributed.fsdp.$1'],
  [/^torch\.nn\.(?:DistributedDataParallel|parallel\.DDP)\b/, 'torch.nn.parallel.DistributedDataParallel'],
  [/^torch\._tensor\.Tensor\b/, 'torch.Tensor'],
  [/^torch\.autograd\.variable\.Variable\b/, 'torch.autograd.Variable'],
  [/^transformers\.(?:[a-z_]\w*\.)+([A-Z]\w*|get_\w+)/, 'transformers.$1'],
  [/^(?:pytorch_lightning|lightning\.pytorch|lightning)\.(?:[a-z_]\w*\.)*([A-Z]\w*)/, 'lightning.pytorch.$1'],
  [/^pytorch_lightning\b/, 'lightning.pytorch'],
  [/^timm\.models\.(?:\w+\.)?create_model\b/, 'timm.create_model'],
  [/^timm\.optim\.\w+\.([A-Z]\w*|create_optimizer\w*)/, 'timm.optim.$1'],
  [/^bitsandbytes\.optim\.\w+\.([A-Z]\w*)/, 'bitsandbytes.optim.$1'],
  [/^apex\.optimizers\.\w+\.([A-Z]\w*)/, 'apex.optimizers.$1'],
  [/^deepspeed\.ops\.(adam|lamb|lion|adagrad)\.\w+\.([A-Z]\w*)/, 'deepspeed.ops.$1.$2'],
  [/^torch_optimizer\.\w+\.([A-Z]\w*)/, 'torch_optimizer.$1'],
  [/^pytorch_optimizer\.(?:[a-z_]\w*\.)+([A-Z]\w*)/, 'pytorch_optimizer.$1'],
  [/^lion_pytorch\.\w+\.Lion\b/, 'lion_pytorch.Lion'],
  [/^peft\.(?:[a-z_]\w*\.)+([A-Z]\w*|get_peft_model\w*|prepare_model\w*)/, 'peft.$1'],
  [/^accelerate\.accelerator\.Accelerator\b/, 'accelerate.Accelerator'],
];

/**
 * The one spelling under which this room knows a class or function, whichever of its import paths is
 * used: `torch.nn.modules.linear.Linear` and `torch.nn.Linear` both give `torch.nn.Linear`. What follows
 * the known part is kept (`torch.nn.modules.sparse.Embedding.from_pretrained`); a name this room does not know comes
 * back unchanged.
 */
export function canonicalName(qualifiedName: string): string {
  const exact = publicNames.get(qualifiedName);
  if (exact !== undefined) return exact;
  const lastDot = qualifiedName.lastIndexOf('.');
  const owner = lastDot > 0 ? publicNames.get(qualifiedName.slice(0, lastDot)) : undefined;
  if (owner !== undefined) return owner + qualifiedName.slice(lastDot);
  for (const [pattern, replacement] of patterns) {
    if (pattern.test(qualifiedName)) return qualifiedName.replace(pattern, replacement);
  }
  return qualifiedName;
}
