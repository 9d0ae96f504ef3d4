"""Records under which longer paths the public names of PyTorch and torchvision can also be imported.

Writes src/torch/names.json: for each public package, the names it exports by the module that defines
them (or another package that exports the same object). Run with the system Python that has torch:
`python3 scripts/torch/record_names.py`.
"""

import importlib
import inspect
import warnings

from recording import compact, write

warnings.simplefilter("ignore")

# Where an object is exported twice, the package named first is its canonical home.
PACKAGES = [
    "torch",
    "torch.nn",
    "torch.nn.parallel",
    "torch.nn.modules",
    "torch.nn.init",
    "torch.nn.utils",
    "torch.nn.utils.rnn",
    "torch.nn.utils.prune",
    "torch.nn.utils.parametrizations",
    "torch.nn.utils.parametrize",
    "torch.optim",
    "torch.optim.lr_scheduler",
    "torch.optim.swa_utils",
    "torch.autograd",
    "torch.cuda.amp",
    "torch.utils.data",
    "torch.utils.checkpoint",
    "torchvision.models",
    "torchvision.models.detection",
    "torchvision.models.segmentation",
    "torchvision.models.video",
    "torchvision.models.quantization",
    "torchvision.models.optical_flow",
    "torchvision.models.feature_extraction",
    "torchvision.ops",
]

home = {}
found = {}


def record(public, module, name):
    if module != public:
        found.setdefault(public, {}).setdefault(module, set()).add(name)


for package_name in PACKAGES:
    package = importlib.import_module(package_name)
    for name, value in vars(package).items():
        if name.startswith("_") or not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        defined_in = value.__module__ or ""
        if not defined_in.startswith(package_name.split(".")[0]) or value.__name__ != name:
            continue
        if package_name == "torch" and not inspect.isclass(value) and not defined_in.startswith("torch."):
            continue
        if defined_in.startswith("torch._"):
            continue
        public = home.setdefault(id(value), package_name)
        record(public, defined_in, name)
        if public != package_name:
            record(public, package_name, name)

entries = []
for public, modules in sorted(found.items()):
    modules = {module: sorted(names) for module, names in sorted(modules.items())}
    entries.append(f'  "{public}": ' + compact(modules))
write("src/torch/names.json", entries, "{", "}")
